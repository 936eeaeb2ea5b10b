import { Writable } from 'node:stream';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { Config } from '../config/config.js';
import { loadConfig } from '../config/loadConfig.js';
import type { Overrides } from '../config/overrides.js';
import type { DataSink } from '../core/data.js';
import type { Deps } from '../core/deps.js';
import type { ElpisError } from '../core/errors.js';
import type { Registry } from '../plugin/registry.js';
import { located } from '../plugin/userPlace.js';
import type { Rehearsal } from './rehearsal.js';
import { type RehearseOptions, rehearseConfig } from './rehearseConfig.js';
import { VirtualGate } from './virtual/virtualGate.js';

const discardingStream = (): Writable => new Writable({ write: (_chunk, _encoding, done) => done() });

/**
 * The components of a registry for a rehearsal: the same components, except that virtual time waits for the sinks.
 *
 * @param write False: results are discarded, and no file is opened for them.
 */
function rehearsalRegistry(from: Registry, gate: VirtualGate, write: boolean): Registry {
  return from.creating('sink', (component, options, deps): DataSink => {
    const sink = component.create(options, deps);
    return {
      name: sink.name,
      open: () => {
        const stream = write ? sink.open({ blocking: true }) : discardingStream();
        gate.watch(stream);
        return stream;
      },
    };
  });
}

/** Options of {@link rehearse}. */
export interface RehearseSettings {
  readonly registry: Registry;
  /** Variables for `${NAME}` in the config. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly deps: Omit<Deps, 'scheduler' | 'random' | 'share'>;
  /** Values that replace values of the config. Default: none. */
  readonly overrides?: Overrides | undefined;
  /** False: results are discarded, and no file is opened for them. */
  readonly writeResults: boolean;
  /** Every pool with a common schedule starts instances as needed, up to this many. Default: as in the config. */
  readonly growTo?: number;
  /** True: a config from an http(s) address may load modules of this machine. Default false. */
  readonly allowPlugins?: boolean;
  /** Called with the checked config before the run; the config that it returns is rehearsed. */
  readonly onConfig?: (config: Config) => Config;
}

/** The pools with instances as needed. */
function grown(config: Config, growTo: number | undefined): Config {
  if (growTo === undefined) return config;
  const overflow = { policy: 'grow', maxInstances: growTo } as const;
  return {
    ...config,
    pools: config.pools.map((pool) => (pool.rpsPerInstance ? pool : { ...pool, overflow, discardOverflow: false })),
  };
}

/**
 * Reads, checks and rehearses a config. A run that fails is a rehearsal with an `error`. Rejects only when the run
 * cannot start.
 *
 * @param source A location as for `loadConfig`, or a value made by `defineConfig` or plain data.
 */
export function rehearse(
  source: unknown,
  {
    registry,
    env,
    deps,
    overrides,
    writeResults,
    growTo,
    allowPlugins = false,
    onConfig,
    ...options
  }: RehearseOptions & RehearseSettings,
): TE.TaskEither<ElpisError, Rehearsal> {
  const gate = new VirtualGate();
  const load = {
    registry: rehearsalRegistry(registry, gate, writeResults),
    env,
    stdin: deps.stdin,
    allowPlugins,
    writeResults,
    overrides,
  };
  return pipe(
    loadConfig(source, load),
    TE.chain((config) => {
      const { redactor } = config.document;
      return TE.tryCatch(
        async () => {
          const wanted = onConfig?.(config) ?? config;
          const log = redactor.log(deps.log);
          const record = options.record ?? (writeResults ? (wanted.record ?? undefined) : undefined);
          const rehearsal = await rehearseConfig(grown(wanted, growTo), { ...deps, log }, gate, { ...options, record });
          return redactor.hidesValues ? redactor.data(rehearsal) : rehearsal;
        },
        (error) => redactor.error(located(error)),
      );
    }),
  );
}
