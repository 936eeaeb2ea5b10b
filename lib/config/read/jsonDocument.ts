import { type Either, left, right } from 'fp-ts/lib/Either.js';
import { ConfigError } from '../report/configError.js';
import { drawProblems } from '../report/drawProblems.js';
import type { Problem } from '../report/problem.js';
import type { ConfigDocument } from './configDocument.js';
import { parseYaml } from './parseYaml.js';

/** The place that V8's message names, or the end of the text. */
function syntaxProblem(message: string, text: string): Problem {
  const told = /position (\d+)/.exec(message)?.[1];
  const before = text.slice(0, told === undefined ? text.length : Number(told)).split('\n');
  return {
    code: 'syntax',
    path: '',
    line: before.length,
    column: (before.at(-1) as string).length + 1,
    length: 1,
    expected: 'JSON',
    message: message.replace(/ in JSON at position.*| \(line.*/, ' in JSON'),
  };
}

/** Reads a config written in JSON, strictly. YAML's reader, which knows all JSON, finds the places. */
export function jsonDocument(name: string, text: string): Either<ConfigError, ConfigDocument> {
  const refuse = (problems: readonly Problem[]) =>
    left(new ConfigError(drawProblems(problems, { name, text }), problems));
  try {
    const value: unknown = JSON.parse(text);
    const { problems, place } = parseYaml(text);
    const repeated = problems.filter(({ code }) => code === 'duplicate-key');
    return repeated.length > 0 ? refuse(repeated) : right({ name, text, value, place });
  } catch (error) {
    return refuse([syntaxProblem(error instanceof Error ? error.message : String(error), text)]);
  }
}
