import type { Observable } from 'rxjs';
import type { OperatorPoint } from '../../core/component.js';
import type { GunFactory } from '../../core/gun.js';
import type { RunObserver } from '../../engine/runEvent.js';
import type { ReasonCode } from '../../measure/verdict/limits.js';
import type { ConfiguredComponent } from '../../plugin/configured.js';
import type { OperatorPart, Part, SchedulePart, TypedData } from '../../plugin/part.js';
import type { WrittenThreshold } from '../../rules/thresholdCodec.js';
import type { LogLevel } from '../config.js';

/** The handling of operations that are due while no instance is free: the key `overflow` of a pool. */
export type OverflowPart =
  | 'queue'
  | 'discard'
  | 'abort'
  | {
      readonly policy: 'queue' | 'discard' | 'grow' | 'abort';
      /** For `grow`: the largest number of instances. */
      readonly maxInstances?: number;
      /** How long an operation must be overdue before the policy applies, such as `500ms`. */
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
  /** The results: one, or several that all receive every sample. */
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
  /**
   * The longest wait for ammo after the end of the plan, without a shot under way; then the pool ends. Default `'30s'`;
   * `'0s'`: no limit.
   */
  readonly tailLimit?: string;
  /** How exactly shots start at their times. Default `relaxed`. */
  readonly pacing?: 'relaxed' | 'precise';
  /**
   * Before the run, practice shots in memory compile the code of a shot, and the connections of the first second are opened; `in-memory`: only
   * the practice shots. Default `auto`: both with precise pacing.
   */
  readonly runUp?: 'auto' | 'always' | 'in-memory' | 'never';
}

/** A pool whose gun can shoot the ammo of its provider. `A` is the type of that ammo, when both are values of code. */
export interface FittingPool<A> extends Omit<PoolOptions, 'gun' | 'ammo'> {
  /** What shoots. */
  readonly gun: GunFactory<A, unknown> | ConfiguredComponent<'gun'> | TypedData;
  /** What is shot. */
  readonly ammo: Observable<A> | ConfiguredComponent<'provider'> | TypedData;
}

/** A config in code: the keys of YAML. */
export interface ConfigOptions {
  /** The pools, which run side by side. */
  readonly pools: readonly PoolOptions[];
  /** The observers of the run, besides its results. They run in the first thread, for any number of threads. */
  readonly observers?: readonly (RunObserver | ConfiguredComponent<'observer'> | TypedData)[];
  /** The log of the command line: its level, and its destination (`stdout`, `stderr` or a path). */
  readonly log?: { readonly level?: LogLevel; readonly file?: string };
  /** How many threads share the run; `auto` is one per processor. Default 1. */
  readonly threads?: number | 'auto';
  /** What the run must keep, such as `p99(response) < 250ms`: see docs/THRESHOLDS.md. */
  readonly thresholds?: WrittenThreshold | readonly WrittenThreshold[];
  /** Rules of Yandex.Tank that stop the run, such as `quantile(95,100ms,20s)`. */
  readonly autostop?: string | readonly string[];
  /** The limits that decide whether the run is evidence about its target. */
  readonly verdict?: {
    /** The run fails when its verdict is as bad as this, or worse. Default: only thresholds fail it. */
    readonly failOn?: 'degraded' | 'invalid';
    /** Limit of the lateness and of the delay of the event loop at p99. Default `10ms`. */
    readonly lateness?: string;
    /** The share of planned operations in percent that may be missing. Default 1. */
    readonly notShot?: number;
    /** Reasons that do not count. */
    readonly ignore?: readonly ReasonCode[];
  };
  /** The same as `verdict: {failOn: 'degraded'}`. Default false. */
  readonly strict?: boolean;
  /** Counters over HTTP while the run lasts. */
  readonly monitoring?: { readonly expvar?: { readonly enabled?: boolean; readonly port?: number } };
  /** Modules with your own components, which `type` then selects. */
  readonly plugins?: readonly string[];
}

/**
 * A config in code, for the default export of a `.ts` file. `elpis run load.ts`, `elpis check load.ts` and the other
 * commands read it as they read YAML; `run(...)` accepts it too. It is equivalent to YAML with the same keys. All
 * issues are reported at once when it is read, each with the path of its key.
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
 * A pool for {@link defineConfig}: the keys of a pool in YAML. Components may be values, plain data, or a mix of both.
 * The pool is checked when the whole config is read.
 *
 * A component from a function such as `http(...)` stands for its name and options: every run makes its own component,
 * with the clock, the seed and the log of the run. A value of your own (an `Observable<Tick>`, an Observable of ammo, a
 * gun factory, an aggregator) is used as it is.
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
export function pool<A>(options: FittingPool<A>): PoolOptions {
  return options;
}
