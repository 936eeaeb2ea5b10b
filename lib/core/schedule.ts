import type { Observable, SchedulerLike } from 'rxjs';
import type { Cursor } from './cursor.js';
import type { Share } from './deps.js';
import type { Plan, Tick } from './plan.js';
import type { EpochMs } from './units.js';

/** How a plan is played. */
export interface ScheduleOptions {
  /** When the plan starts, or a function that returns it at the first demand. Default: the first demand. */
  readonly startAt?: EpochMs | (() => EpochMs | undefined);
  /** The share of the operations that is played. Default: all. */
  readonly share?: Share;
  /** Time for subscribers; a pulling consumer brings its own. Default: real time. */
  readonly scheduler?: SchedulerLike;
}

/**
 * A plan that is played: an Observable of ticks that can also be pulled.
 *
 * - Subscribing starts the plan, unless `options.startAt` sets the start. Each subscription plays it from the start.
 * - A tick MUST be emitted when it is due, not before, and MUST keep its intended `at` when it is emitted late.
 * - `at` MUST NOT decrease; `index` MUST be the global index of the operation, also in a share.
 * - It MUST complete at the finish time of the plan, which may be after the last tick, and MUST NOT error.
 * - `open` starts a pulled playback. Its cursor has the number of ticks that are `left` and the `finish` of the plan.
 *   It MUST return each tick on demand, before or after its moment.
 *
 * Any other Observable of ticks can be used as a schedule; it is subscribed to, and has neither a plan nor a known end.
 */
export interface Schedule extends Observable<Tick> {
  /** The mathematics behind the ticks. */
  readonly plan: Plan;
  /** The options of its playback. */
  readonly options: ScheduleOptions;
  open(scheduler: SchedulerLike): Cursor<Tick>;
}
