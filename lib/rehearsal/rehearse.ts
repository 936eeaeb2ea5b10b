import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { Config } from '../config/config.js';
import { loadConfig } from '../config/loadConfig.js';
import { loadValue } from '../config/loadValue.js';
import type { Deps } from '../core/deps.js';
import { ElpisError } from '../core/errors.js';
import type { Registry } from '../plugin/registry.js';
import type { Rehearsal } from './rehearsal.js';
import { rehearsalRegistry } from './rehearsalRegistry.js';
import { type RehearseOptions, rehearseConfig } from './rehearseConfig.js';
import { VirtualGate } from './virtualGate.js';

/** What a rehearsal needs from outside. */
export interface RehearseWorld {
  readonly registry: Registry;
  /** For `${NAME}` in the config. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly deps: Omit<Deps, 'scheduler' | 'random' | 'share'>;
  /** False: results go nowhere, and no file is opened for them. */
  readonly writeResults: boolean;
  /** Every pool with a common schedule starts instances as it needs them, up to so many. Default: what the config says. */
  readonly growTo?: number;
  /** Is shown the checked config before it is run. */
  readonly onConfig?: (config: Config) => void;
}

/** The pools with as many instances as they need. */
function grown(config: Config, growTo: number | undefined): Config {
  if (growTo === undefined) return config;
  const overflow = { policy: 'grow', maxInstances: growTo } as const;
  return {
    ...config,
    pools: config.pools.map((pool) => (pool.rpsPerInstance ? pool : { ...pool, overflow, discardOverflow: false })),
  };
}

/**
 * Reads, checks and rehearses a config. A run that fails is a rehearsal with an `error`; only what keeps it from starting is
 * an error here.
 *
 * @param source A location as for `loadConfig`, or a value made by `defineConfig` or plain data.
 */
export function rehearse(
  source: unknown,
  { registry, env, deps, writeResults, growTo, onConfig, ...options }: RehearseOptions & RehearseWorld,
): TE.TaskEither<ElpisError, Rehearsal> {
  const gate = new VirtualGate();
  const load = { registry: rehearsalRegistry(registry, gate, writeResults), env, stdin: deps.stdin };
  const byLocation = source === undefined || typeof source === 'string';
  return pipe(
    byLocation ? loadConfig(source, load) : loadValue(source, load),
    TE.chain(({ config }) =>
      TE.tryCatch(
        () => {
          onConfig?.(config);
          for (const warning of config.warnings) deps.log.warn(warning);
          return rehearseConfig(grown(config, growTo), deps, gate, options);
        },
        (error) =>
          error instanceof ElpisError ? error : new ElpisError('ELPIS_POOL', String(error), { cause: error }),
      ),
    ),
  );
}
