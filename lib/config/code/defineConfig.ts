import type { Aggregator } from '../../core/aggregator.js';
import type { ComponentKind, ComponentKinds, OperatorPoint } from '../../core/component.js';
import type { PointOperator } from '../../engine/pool.js';
import type { RunObserver } from '../../engine/runEvent.js';
import type { ConfiguredComponent, ConfiguredOperator } from '../../plugin/configured.js';
import type { LogLevel } from '../config.js';

/** A component as plain data: what YAML would say. */
export interface TypedData {
  readonly type: string;
  readonly [key: string]: unknown;
}

/**
 * A component in a config in code: made by a function such as `http(...)`, a value of the user's own that fulfils the
 * contract of its kind, or plain data as in YAML.
 */
export type Part<K extends ComponentKind> =
  | (K extends 'aggregator' ? Aggregator<never> : ComponentKinds[K])
  | ConfiguredComponent<K>
  | TypedData;

/** An operator as plain data that names a module; what YAML would say. The path is relative to the config. */
export interface UsedData {
  readonly use: string;
  readonly [key: string]: unknown;
}

/**
 * An operator in a config in code: any RxJS operator that fits its point, or plain data as in YAML. In a config that runs in
 * several threads each thread applies it to its share of the run.
 */
export type OperatorPart<P extends OperatorPoint> = PointOperator<P> | ConfiguredOperator<P> | TypedData | UsedData;

/** When things are due: one schedule, or several that are played in order. */
export type SchedulePart = Part<'schedule'> | readonly SchedulePart[];

/** What becomes of operations that are due while no instance is free: the key `overflow` of a pool. */
export type OverflowPart =
  | 'queue'
  | 'discard'
  | 'abort'
  | {
      readonly policy: 'queue' | 'discard' | 'grow' | 'abort';
      /** For `grow`: how many instances there may be. */
      readonly maxInstances?: number;
      /** How long an operation has been due by then, such as `500ms`. */
      readonly after?: string;
    };

/** A pool of a config in code: the keys of YAML, in camel case. */
export interface PoolOptions {
  /** Names the pool in messages and reports. Default: `pool_0`, `pool_1` and so on. */
  readonly id?: string;
  /** What shoots. */
  readonly gun: Part<'gun'>;
  /** What is shot. */
  readonly ammo: Part<'provider'>;
  /** What becomes of the samples: one result, or several that all get every sample. */
  readonly result: Part<'aggregator'> | readonly Part<'aggregator'>[];
  /** When operations are due. */
  readonly rps: SchedulePart;
  /** When instances start. */
  readonly startup: SchedulePart;
  /** Every instance follows its own copy of `rps`. Default false. */
  readonly rpsPerInstance?: boolean;
  /** `overflow: 'discard'` when true, `'queue'` when false. Default true. */
  readonly discardOverflow?: boolean;
  readonly overflow?: OverflowPart;
  /** Operators of your own, at each point in the order in which values pass them. */
  readonly operators?: { readonly [P in OperatorPoint]?: readonly OperatorPart<P>[] };
  /** How exactly shots keep their moments. Default `relaxed`. */
  readonly pacing?: 'relaxed' | 'precise';
}

/** A config in code: the keys of YAML. */
export interface ConfigOptions {
  /** What is run, side by side. */
  readonly pools: readonly PoolOptions[];
  /** What watches the run, beside its results. They watch from the first thread, however many share the run. */
  readonly observers?: readonly (RunObserver | ConfiguredComponent<'observer'> | TypedData)[];
  /** The log of the run: how much, and where (`stdout`, `stderr` or a path). For the command line. */
  readonly log?: { readonly level?: LogLevel; readonly file?: string };
  /** How many threads share the run; `auto` is one per processor. Default 1. */
  readonly threads?: number | 'auto';
  /** Counters over HTTP while the run lasts. */
  readonly monitoring?: { readonly expvar?: { readonly enabled?: boolean; readonly port?: number } };
  /** Modules with components of your own, to be selected by `type`. */
  readonly plugins?: readonly string[];
}

/**
 * A config in code, for the default export of a `.ts` file: `elpis run load.ts`, `elpis check load.ts` and so on read it as
 * they read YAML, and `run(...)` takes it too. It means the same as the YAML with the same keys; what is wrong with it is
 * told when it is read, all at once, by the path of each key.
 *
 * @example
 * export default defineConfig({
 *   pools: [
 *     pool({
 *       gun: http({ target: process.env.TARGET ?? 'localhost:8080' }),
 *       ammo: uri({ file: './ammo.uri' }),
 *       result: phout({ destination: './phout.log' }),
 *       rps: constant({ ops: 100, duration: '30s' }),
 *       startup: once({ times: 10 }),
 *     }),
 *   ],
 * });
 */
export function defineConfig(config: ConfigOptions): ConfigOptions {
  return config;
}

/**
 * A pool for {@link defineConfig}: the keys of a pool in YAML, whose components may be values, plain data, or both mixed.
 * It is checked with the whole config, when that is read.
 *
 * A component from a function such as `http(...)` stands for its name and options: every run makes its own, with the run's
 * clock, seed and log. A value of your own (an `Observable<Tick>`, an Observable of ammo, an gunFactory, an aggregator) is used
 * as it is.
 *
 * @example
 * pool({
 *   id: 'shop',
 *   gun: http({ target: 'localhost:8080' }),
 *   ammo: uri({ uris: ['/ home', '/cart cart'] }),
 *   result: phout({ destination: './phout.log' }),
 *   rps: [line({ from: 1, to: 100, duration: '30s' }), { type: 'const', ops: 100, duration: '1m' }],
 *   startup: once({ times: 20 }),
 * });
 */
export function pool(options: PoolOptions): PoolOptions {
  return options;
}
