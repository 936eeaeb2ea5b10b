import { Readable } from 'node:stream';
import type { Either } from 'fp-ts/lib/Either.js';
import type { Config } from '../../../lib/config/config.js';
import { loadConfig } from '../../../lib/config/loadConfig.js';
import type { ElpisError } from '../../../lib/core/errors.js';
import { probeRegistry } from './probe.js';

/** Loads a YAML text through the public interface, as if it came from standard input. */
export async function loadText(
  text: string,
  env: Readonly<Record<string, string>> = {},
  cwd = '.',
): Promise<Either<ElpisError, Config>> {
  const stdin = Readable.from([text]);
  return loadConfig('-', { registry: probeRegistry(), env, stdin, cwd })();
}
