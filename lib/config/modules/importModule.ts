import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type TaskEither, tryCatch } from 'fp-ts/lib/TaskEither.js';
import type { ElpisError, ErrorCode } from '../../core/errors.js';
import { moduleFault } from './moduleFault.js';
import { ownModules } from './ownModules.js';

/** The exports of a module. */
export type Exports = Readonly<Record<string, unknown>>;

/**
 * Loads a module in TypeScript or JavaScript, with no build step. A relative path is taken from `baseDir`, a package is
 * looked up from there. `elpis` and `rxjs` in it are the running ones.
 */
export function importModule(specifier: string, baseDir: string, code: ErrorCode): TaskEither<ElpisError, Exports> {
  const file = specifier.startsWith('.') ? join(baseDir, specifier) : specifier;
  const hint = (error: unknown): string | undefined =>
    Object(error).code === 'MODULE_NOT_FOUND' && String(error).includes(`'${specifier}'`)
      ? `relative paths begin with ./ and are taken from ${baseDir}; packages are looked up from there`
      : undefined;
  return tryCatch(
    async () => {
      // Loaded only when there is a module to load: most runs have none.
      const { createJiti } = await import('jiti');
      const jiti = createJiti(pathToFileURL(join(baseDir, 'config.js')).href, {
        interopDefault: false,
        virtualModules: { ...(await ownModules()) },
      });
      return (await jiti.import(specifier)) as Exports;
    },
    (error) => moduleFault(code, file, error, hint(error)),
  );
}
