import { type Either, left, right } from 'fp-ts/lib/Either.js';
import type { Issue } from '../../codec/issue.js';
import { ConfigError, drawIssues } from '../../codec/report/configError.js';
import { type ParsedDocument, parseYaml } from '../../codec/text/yaml.js';
import { describeError } from '../../core/errorContext.js';

function failure(text: string): string {
  try {
    JSON.parse(text);
    return '';
  } catch (error) {
    return describeError(error);
  }
}

/**
 * The position at which V8's parser stopped. Its messages have the position of most errors; that of an unexpected token
 * is searched for.
 */
function positionOf(message: string, text: string): number {
  const position = /position (\d+)/.exec(message)?.[1];
  if (position !== undefined) return Number(position);
  if (!message.startsWith('Unexpected token')) return text.trimEnd().length;
  let [low, high] = [0, text.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (failure(text.slice(0, middle + 1)).startsWith('Unexpected token')) high = middle;
    else low = middle + 1;
  }
  return low;
}

function syntaxIssue(message: string, text: string): Issue {
  const before = text.slice(0, positionOf(message, text)).split('\n');
  return {
    code: 'syntax',
    severity: 'error',
    path: '',
    line: before.length,
    column: (before.at(-1) as string).length + 1,
    length: 1,
    expected: 'JSON',
    message: message.replace(/( in JSON)?( at position.*|, .* is not valid JSON)$/s, ' in JSON'),
  };
}

/** Reads a config in strict JSON. The YAML parser, which accepts all JSON, finds the places. */
export function jsonDocument(name: string, text: string): Either<ConfigError, ParsedDocument> {
  const refuse = (found: readonly Issue[]) => left(new ConfigError(drawIssues(found, { name, text }), found));
  const message = failure(text);
  if (message !== '') return refuse([syntaxIssue(message, text)]);
  const { issues, place } = parseYaml(text);
  // It also refuses valid JSON, such as a tab before a key.
  const real = issues.filter(({ code, expected }) => code === 'duplicate-key' || expected !== 'YAML');
  return real.length > 0
    ? refuse(real)
    : right({ name, text, written: JSON.parse(text) as unknown, place, issues: [] });
}
