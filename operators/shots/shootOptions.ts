import type { Observable, SchedulerLike } from 'rxjs';
import type { Shot } from '../../lib/core/shot.js';
import type { EpochMs, Millis } from '../../lib/core/units.js';
import type { BacklogOptions } from '../../lib/pull/backlogCursor.js';
import type { FiringMeter } from '../firing/meter.js';

/**
 * What becomes of a shot that is due while no instance is free.
 *
 * - `queue`: it waits and keeps its intended time.
 * - `discard`: it waits; if it is overdue by at least `afterMs` when its turn comes, it is recorded as discarded instead.
 * - `grow`: when it has been due for `afterMs` (default 0), one more instance is started for it, until there are
 *   `maxInstances`; from then on as `queue`. A stream of instances counts towards the maximum but is not bounded by it.
 * - `abort`: when it has been due for `afterMs` (default 0), everything ends with the error `ELPIS_OVERFLOW`. Timers and
 *   the event loop are late by up to some milliseconds; a tolerance keeps that from counting.
 *
 * An unlimited schedule has no shot due while no instance is free, so it neither grows nor aborts.
 */
export type OverflowPolicy =
  | { readonly policy: 'queue' }
  | { readonly policy: 'discard'; readonly afterMs: Millis }
  | { readonly policy: 'grow'; readonly maxInstances: number; readonly afterMs?: Millis }
  | { readonly policy: 'abort'; readonly afterMs?: Millis };

/** How {@link shoot} fires. */
export interface ShootOptions<A, S> {
  /** How many instances shoot at once, or a stream that starts one at each value. Default 1. */
  readonly instances?: number | Observable<unknown>;
  /** Id of the first instance. Default 0. */
  readonly firstInstance?: number;
  /** Difference of the ids of two instances in a row. Default 1. */
  readonly instanceStride?: number;
  /** What becomes of a shot that is due while no instance is free. Default `queue`: it waits. */
  readonly overflow?: OverflowPolicy;
  /** Makes the sample of a discarded shot. Without it such shots are only counted. */
  readonly discarded?: (shot: Shot<A>, now: EpochMs) => S;
  /** Makes the sample of a shot that was due or under way when the run ended. Without it such shots leave no sample. */
  readonly unfinished?: (shot: Shot<A>, now: EpochMs) => S;
  /**
   * Ends the run softly: at each value no new shot starts, and those under way may take that many milliseconds more. A
   * later value replaces the limit; 0 ends at once.
   */
  readonly drain?: Observable<Millis>;
  /** Bounds of the backlog when the shots are pushed instead of pulled. */
  readonly backlog?: BacklogOptions<Shot<A>>;
  /** Counters to keep while firing. */
  readonly meter?: FiringMeter;
  /** Told when no further instance can have anything to shoot, so that nobody starts more. */
  readonly onExhausted?: () => void;
  /** Default: real time. */
  readonly scheduler?: SchedulerLike;
}
