import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type TaskEither, tryCatch } from 'fp-ts/lib/TaskEither.js';
import { describeError } from '../../core/errorContext.js';
import { ElpisError, type ErrorCode } from '../../core/errors.js';
import type { Exports } from '../../plugin/moduleCodec.js';
import { userPlace } from '../../plugin/userPlace.js';
import { shareNatively } from './nativeModules.js';

/**
 * `file:line:column` of the first mention of the file in the message or stack of an error, or the file alone. For
 * modules that do not compile.
 */
function placeIn(file: string, error: unknown): string {
  const trace = error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : '';
  const at = trace.indexOf(`${file}:`);
  const place = at < 0 ? null : /^:(\d+)(?::(\d+))?/.exec(trace.slice(at + file.length));
  return place === null ? file : `${file}${place[0]}`;
}

/** The first line of an error. Node lists the modules that wanted a missing one below it. */
const reasonOf = (error: unknown): string => (describeError(error).split('\n')[0] as string).trim();

/** The error for a module that cannot be loaded or used: names the file, the line where known, and the cause. */
export function moduleFault(code: ErrorCode, file: string, cause: unknown, hint?: string): ElpisError {
  const place = userPlace(cause);
  return new ElpisError(code, `${place ?? placeIn(file, cause)}: ${reasonOf(cause)}`, { cause, place, hint });
}

/**
 * The modules that a user's module gets for `elpis` and `rxjs`: the running ones, wherever the user's file is,
 * installed there or not. With two copies, `instanceof` would fail.
 */
async function selfModules(): Promise<Readonly<Record<string, unknown>>> {
  const modules = {
    elpis: await import('../../index.js'),
    'elpis/operators': await import('../../../operators/index.js'),
    'elpis/scenario': await import('../../scenario/index.js'),
    'elpis/testing': await import('../../testing/index.js'),
    rxjs: await import('rxjs'),
    'rxjs/ajax': await import('rxjs/ajax'),
    'rxjs/fetch': await import('rxjs/fetch'),
    'rxjs/operators': await import('rxjs/operators'),
    'rxjs/testing': await import('rxjs/testing'),
    'rxjs/webSocket': await import('rxjs/webSocket'),
  };
  shareNatively(modules);
  return modules;
}

/**
 * Loads a module in TypeScript or JavaScript, without a build step. Relative paths and packages are resolved from
 * `baseDir`. Imports of `elpis` and `rxjs` get the running modules.
 */
export function importModule(specifier: string, baseDir: string, code: ErrorCode): TaskEither<ElpisError, Exports> {
  const file = specifier.startsWith('.') ? join(baseDir, specifier) : specifier;
  const hint = (error: unknown): string | undefined =>
    Object(error).code === 'MODULE_NOT_FOUND' && String(error).includes(`'${specifier}'`)
      ? `relative paths begin with ./ and are taken from ${baseDir}; packages are looked up from there`
      : undefined;
  return tryCatch(
    async () => {
      // Imported only when there is a module to load; most runs have none.
      const { createJiti } = await import('jiti');
      const jiti = createJiti(pathToFileURL(join(baseDir, 'config.js')).href, {
        interopDefault: false,
        virtualModules: { ...(await selfModules()) },
      });
      return (await jiti.import(specifier)) as Exports;
    },
    (error) => moduleFault(code, file, error, hint(error)),
  );
}
