import type { SchedulerLike } from 'rxjs';
import type { Share } from '../core/share.js';
import type { EpochMs } from '../core/units.js';

/** How a plan is played. */
export interface ScheduleOptions {
  /** When the plan starts, or who says it when the first tick is asked for. Default: then. */
  readonly startAt?: EpochMs | (() => EpochMs | undefined);
  /** Which stripe of the operations is played. Default: all. */
  readonly share?: Share;
  /** Time for subscribers; a pulling consumer brings its own. Default: real time. */
  readonly scheduler?: SchedulerLike;
}
