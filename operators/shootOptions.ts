import type { Observable, SchedulerLike } from 'rxjs';
import type { Shot } from '../lib/core/shot.js';
import type { EpochMs, Millis } from '../lib/core/units.js';
import type { BacklogOptions } from '../lib/coreutil/backlogCursor.js';
import type { FiringMeter } from './firingMeter.js';
import type { OverflowPolicy } from './overflowPolicy.js';

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
