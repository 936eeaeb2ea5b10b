import type { EpochMs } from '../lib/core/units.js';
import type { WindowCounts } from './windowCounts.js';

/** Everything that was counted in a stretch of time. Windows are merged exactly by {@link mergeWindows}. */
export interface Window {
  /** From this moment on. */
  readonly startsAt: EpochMs;
  /** Up to this moment, which belongs to the next window. */
  readonly endsAt: EpochMs;
  /** True when it is shorter than it was meant to be: the first and the last may be. */
  readonly partial: boolean;
  /** All operations of the window. Groups and scenarios, which span operations, are not in it, so nothing counts twice. */
  readonly total: WindowCounts;
  /** Operations by tag, in the order in which they came; further ones than `tagLimit` under `(other tags)`. */
  readonly tags: ReadonlyMap<string, WindowCounts>;
  /** Groups and scenarios by tag, with the time of all that is in them; limited like tags, and empty without tags. */
  readonly spans: ReadonlyMap<string, WindowCounts>;
  /** Most tags told apart; with 0 there is only the total. */
  readonly tagLimit: number;
  /** How many samples had a tag beyond the limit. */
  readonly beyondTagLimit: number;
}
