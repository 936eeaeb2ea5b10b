import { resolve } from 'node:path';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { ElpisError } from '../core/errors.js';
import type { Registry } from '../plugin/registry.js';
import type { LoadDeps } from './loadedConfig.js';
import { loadUserModules } from './modules/loadUserModules.js';
import { pluginsIn } from './modules/pluginsIn.js';
import { readConfig } from './read/readConfig.js';

/** The components of a config: the given ones and those of the modules that it names. What else is in it isn't checked. */
export function loadRegistry(location: string, deps: LoadDeps): TE.TaskEither<ElpisError, Registry> {
  return pipe(
    readConfig(location, { stdin: deps.stdin, cwd: resolve(deps.cwd ?? '.') }),
    TE.chain(({ document, baseDir }) => loadUserModules(pluginsIn(document.value), deps.registry, baseDir)),
  );
}
