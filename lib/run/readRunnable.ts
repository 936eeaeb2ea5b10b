import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { loadConfig } from '../config/loadConfig.js';
import type { LoadDeps, LoadedConfig } from '../config/loadedConfig.js';
import { loadValue } from '../config/loadValue.js';
import type { ElpisError } from '../core/errors.js';
import type { RunnableConfig } from './runConfig.js';
import { sendableConfig } from './sendableConfig.js';

/** A config that was read and checked, and where other threads read it again. */
export type ReadRunnable = LoadedConfig & Pick<RunnableConfig, 'origin'>;

function fromLocation(location: string | undefined, deps: LoadDeps): TE.TaskEither<ElpisError, ReadRunnable> {
  const load = (stdinText: string | undefined): TE.TaskEither<ElpisError, ReadRunnable> =>
    pipe(
      // Read once and kept: threads read it again.
      loadConfig(location, { ...deps, stdin: Readable.from(stdinText === undefined ? [] : [stdinText]) }),
      TE.map((loaded) => ({ ...loaded, origin: () => ({ location, stdinText }) })),
    );
  if (location !== '-') return load(undefined);
  return pipe(
    TE.fromTask<string, ElpisError>(() => text(Readable.from(deps.stdin))),
    TE.chain(load),
  );
}

/**
 * Reads and checks a config: a location as `loadConfig` takes it, a URL (`file:` too), or a value made by `defineConfig` or
 * plain data.
 */
export function readRunnable(source: unknown, deps: LoadDeps): TE.TaskEither<ElpisError, ReadRunnable> {
  if (source instanceof URL)
    return fromLocation(source.protocol === 'file:' ? fileURLToPath(source) : source.href, deps);
  if (source === undefined || typeof source === 'string') return fromLocation(source, deps);
  return pipe(
    loadValue(source, deps),
    TE.map((loaded) => ({ ...loaded, origin: () => ({ value: sendableConfig(source, deps.registry) }) })),
  );
}
