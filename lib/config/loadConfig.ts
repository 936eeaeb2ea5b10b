import { resolve } from 'node:path';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { ElpisError } from '../core/errors.js';
import { checkDocument } from './checkDocument.js';
import type { LoadDeps, LoadedConfig } from './loadedConfig.js';
import { readConfig } from './read/readConfig.js';

/**
 * Reads a config, replaces its `${...}` references, loads the user's modules that it names, and checks it whole. Every
 * problem is told at once: the error is a {@link ConfigError} whose message draws them.
 *
 * @param location A file (`.yaml`, `.yml`, `.json`, `.ts`, `.js`, `.mjs`; without extension YAML), an http(s) address, `-`
 *   for standard input, or undefined for the first `load.*` in `./`, `./config` and `/etc/pandora`.
 * @example
 * const loaded = await loadConfig('load.yaml', { registry: builtins(), env: process.env, stdin: process.stdin })();
 */
export function loadConfig(location: string | undefined, deps: LoadDeps): TE.TaskEither<ElpisError, LoadedConfig> {
  return pipe(
    readConfig(location, { stdin: deps.stdin, cwd: resolve(deps.cwd ?? '.') }),
    TE.chain((read) => checkDocument(read, deps)),
  );
}
