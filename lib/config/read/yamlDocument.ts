import { type Either, left, right } from 'fp-ts/lib/Either.js';
import { ConfigError } from '../report/configError.js';
import { drawProblems } from '../report/drawProblems.js';
import type { Problem } from '../report/problem.js';
import type { ConfigDocument } from './configDocument.js';
import { parseYaml } from './parseYaml.js';

/** Reads a config written in YAML. Every syntax error is told, with its line; a key that is there twice is one. */
export function yamlDocument(name: string, text: string): Either<ConfigError, ConfigDocument> {
  const { document, problems, place } = parseYaml(text);
  if (problems.length > 0) return left(new ConfigError(drawProblems(problems, { name, text }), problems));
  try {
    return right({ name, text, value: document.toJS() as unknown, place });
  } catch (error) {
    // Anchors that multiply into a document of absurd size, or a reference to an anchor that is not there.
    const message = error instanceof Error ? error.message : String(error);
    const problem: Problem = { code: 'syntax', path: '', expected: 'YAML', message };
    return left(new ConfigError(drawProblems([problem], { name, text }), [problem]));
  }
}
