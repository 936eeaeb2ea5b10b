import { readFile } from 'node:fs/promises';
import { type TaskEither, tryCatch } from 'fp-ts/lib/TaskEither.js';
import type { ElpisError } from '../../core/errors.js';
import { readFault } from './readFault.js';

/** The text of a file. `name` is what messages call it. */
export function readFileText(path: string, name: string): TaskEither<ElpisError, string> {
  return tryCatch(
    () => readFile(path, 'utf8'),
    (error) => readFault(name, error),
  );
}
