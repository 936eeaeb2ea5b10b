import type { SchedulerLike } from 'rxjs';
import type { Share } from '../core/share.js';
import type { EpochMs } from '../core/units.js';

/** How a plan is played. */
export interface ScheduleOptions {
  /** When the plan starts. Default: when the first tick is asked for. */
  readonly startAt?: EpochMs;
  /** Which stripe of the operations is played. Default: all. */
  readonly share?: Share;
  /** Time for subscribers; a pulling consumer brings its own. Default: real time. */
  readonly scheduler?: SchedulerLike;
}
