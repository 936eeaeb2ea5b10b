import { type Either, left } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as T from 'fp-ts/lib/Task.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { AnyOperator, UsedModules } from '../../plugin-config/usedModules.js';
import { importModule } from './importModule.js';
import { operatorIn } from './operatorIn.js';

/**
 * Loads the modules that operators of a config name by `use`. One that can't be loaded or exports no operator does not stop
 * here: it becomes a flaw of the config, at its place, beside all others.
 *
 * @param baseDir Where relative paths and packages are looked for: the folder of the config.
 */
export function loadUsedModules(specifiers: readonly string[], baseDir: string): T.Task<UsedModules> {
  const load = (specifier: string): T.Task<readonly [string, Either<string, AnyOperator>]> =>
    pipe(
      importModule(specifier, baseDir, 'ELPIS_PLUGIN'),
      TE.match(({ message, hint }) => left(hint === undefined ? message : `${message}; ${hint}`), operatorIn),
      T.map((module) => [specifier, module] as const),
    );
  return pipe(
    [...new Set(specifiers)],
    T.traverseSeqArray(load),
    T.map((modules) => new Map(modules)),
  );
}
