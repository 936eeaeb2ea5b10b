import type { OperatorPoint } from '../../core/operatorPoint.js';
import type { OperatorPart } from './operatorPart.js';
import type { Part } from './part.js';

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
