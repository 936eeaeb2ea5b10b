import { type TaskEither, tryCatch } from 'fp-ts/lib/TaskEither.js';
import fetch from 'node-fetch';
import type { ElpisError } from '../../core/errors.js';
import { readFault } from './readFault.js';

const LIMIT_MS = 30_000;
const LIMIT_BYTES = 16 * 1024 * 1024;

/** The text behind an http(s) address; a status other than 2xx is an error. `name` is what messages call it. */
export function fetchText(url: string, name: string): TaskEither<ElpisError, string> {
  return tryCatch(
    async () => {
      const response = await fetch(url, { size: LIMIT_BYTES, signal: AbortSignal.timeout(LIMIT_MS) });
      if (!response.ok) throw new Error(`the server answered ${response.status} ${response.statusText}`);
      return response.text();
    },
    (error) => readFault(name, error),
  );
}
