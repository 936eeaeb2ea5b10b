import type { SchedulerLike } from 'rxjs';
import type { TimedSample } from '../lib/core/timedSample.js';
import type { EpochMs, Millis } from '../lib/core/units.js';

/** How {@link rollUp} counts. */
export interface RollUpOptions<S extends TimedSample = TimedSample> {
  /** Length of a window. Default 1000. */
  readonly everyMs?: Millis;
  /**
   * A moment at which a window starts, all others being whole lengths away; `start`: the moment of subscription. Default 0, the
   * epoch: windows of all pools, threads and machines match.
   */
  readonly origin?: EpochMs | 'start';
  /** By what samples are told apart. Default: their tag. */
  readonly key?: (sample: S) => string;
  /**
   * Most tags told apart in a window; the samples of further ones are counted under `(other tags)`. 0: only the total. Default
   * 100. Each needs 16 KiB, and up to 184 KiB for times of an hour.
   */
  readonly tagLimit?: number;
  /** Default: real time. */
  readonly scheduler?: SchedulerLike;
}
