import type { SchedulerLike } from 'rxjs';
import type { Share } from '../lib/core/share.js';
import type { Tick } from '../lib/core/tick.js';
import type { BacklogOptions } from '../lib/coreutil/backlogCursor.js';

/** How {@link control} steers. */
export interface ControlOptions {
  /** Bounds of the backlog when the ticks are pushed instead of pulled. */
  readonly backlog?: BacklogOptions<Tick>;
  /** The part of the run that the ticks are: a rate that is set is that of the whole run. Default: all of it. */
  readonly share?: Share;
  /** Time for subscribers; a pulling consumer brings its own. Default: real time. */
  readonly scheduler?: SchedulerLike;
}
