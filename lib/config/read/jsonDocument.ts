import { type Either, left, right } from 'fp-ts/lib/Either.js';
import { ConfigError } from '../report/configError.js';
import { drawProblems } from '../report/drawProblems.js';
import type { Problem } from '../report/problem.js';
import type { ConfigDocument } from './configDocument.js';
import { parseYaml } from './parseYaml.js';

function failure(text: string): string {
  try {
    JSON.parse(text);
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Where V8's parser stopped. It tells the position of most errors, but not of an unexpected token: that is searched for. */
function positionOf(message: string, text: string): number {
  const told = /position (\d+)/.exec(message)?.[1];
  if (told !== undefined) return Number(told);
  if (!message.startsWith('Unexpected token')) return text.trimEnd().length;
  let [low, high] = [0, text.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (failure(text.slice(0, middle + 1)).startsWith('Unexpected token')) high = middle;
    else low = middle + 1;
  }
  return low;
}

function syntaxProblem(message: string, text: string): Problem {
  const before = text.slice(0, positionOf(message, text)).split('\n');
  return {
    code: 'syntax',
    path: '',
    line: before.length,
    column: (before.at(-1) as string).length + 1,
    length: 1,
    expected: 'JSON',
    message: message.replace(/( in JSON)?( at position.*|, .* is not valid JSON)$/s, ' in JSON'),
  };
}

/** Reads a config written in JSON, strictly. YAML's reader, which knows all JSON, finds the places. */
export function jsonDocument(name: string, text: string): Either<ConfigError, ConfigDocument> {
  const refuse = (problems: readonly Problem[]) =>
    left(new ConfigError(drawProblems(problems, { name, text }), problems));
  const message = failure(text);
  if (message !== '') return refuse([syntaxProblem(message, text)]);
  const { problems, place } = parseYaml(text);
  const repeated = problems.filter(({ code }) => code === 'duplicate-key');
  return repeated.length > 0 ? refuse(repeated) : right({ name, text, value: JSON.parse(text) as unknown, place });
}
