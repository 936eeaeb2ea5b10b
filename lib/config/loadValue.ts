import { resolve } from 'node:path';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { ElpisError } from '../core/errors.js';
import { checkDocument } from './checkDocument.js';
import type { LoadDeps, LoadedConfig } from './loadedConfig.js';

/**
 * Checks a config that is a value already, made by `defineConfig` or plain data, as `loadConfig` checks one that it has read:
 * `${...}` references in plain data are replaced, the user's modules that it names are loaded (relative ones from the
 * working directory), and every problem is told at once, by its path.
 *
 * @example
 * const loaded = await loadValue({ pools: [] }, { registry: builtins(), env: process.env })();
 */
export function loadValue(
  value: unknown,
  deps: Pick<LoadDeps, 'registry' | 'env' | 'cwd'>,
): TaskEither<ElpisError, LoadedConfig> {
  const document = { name: 'config', value, place: () => undefined };
  return checkDocument({ document, baseDir: resolve(deps.cwd ?? '.') }, deps);
}
