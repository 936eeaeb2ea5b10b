import { Readable } from 'node:stream';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { Config } from '../config/config.js';
import { valueDocument } from '../config/document.js';
import { checkDocument, loadConfig } from '../config/loadConfig.js';
import { defined } from '../core/defined.js';
import type { ElpisError } from '../core/errors.js';
import type { Registry } from '../plugin/registry.js';
import type { ConfigOrigin } from './protocol.js';

/** Options of {@link loadOrigin}. */
export interface LoadOriginOptions {
  /** Environment variables. Default: those of the process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** True: a config with modules is refused. Default false. */
  readonly noModules?: boolean;
}

/** Reads the config of a share from the place of the run's config. */
export function loadOrigin(
  origin: ConfigOrigin,
  registry: Registry,
  { env = process.env, noModules = false }: LoadOriginOptions = {},
): TaskEither<ElpisError, Config> {
  const { allowPlugins = false, overrides, cwd } = origin;
  // The files of results were checked with the run, and belong to it.
  const deps = { registry, env, allowPlugins, noModules, writeResults: false, overrides, ...defined({ cwd }) };
  if ('location' in origin) {
    const { location, stdinText } = origin;
    return loadConfig(location, { ...deps, stdin: Readable.from(stdinText === undefined ? [] : [stdinText]) });
  }
  return origin.asWritten === true
    ? checkDocument(valueDocument(origin.value, deps), deps)
    : loadConfig(origin.value, deps);
}
