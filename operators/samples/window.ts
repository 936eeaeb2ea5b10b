import type { Bytes, EpochMs } from '../../lib/core/units.js';
import type { LatencyHistogram } from '../../lib/measure/latencyHistogram.js';

/** What a {@link Window} has counted, of all samples or of one tag. To be read only. */
export interface WindowCounts {
  /** Number of all operations: shots, discarded and unfinished ones. */
  readonly count: number;
  /** Operations that were shot and came to an end, well or badly. */
  readonly shots: number;
  /** Of these, the ones without a complete answer (verdict `failed`). */
  readonly failed: number;
  /** Of these, the ones with a complete answer that is an error, or that failed a check (verdict `bad`). */
  readonly badStatus: number;
  /** Operations that were not shot because they were overdue. They have no times. */
  readonly discarded: number;
  /** Operations that were due or under way when the run ended; their age is in the times, as a lower bound. */
  readonly unfinished: number;
  readonly bytesOut: Bytes;
  readonly bytesIn: Bytes;
  /** From the intended moment to the end, in µs: free of coordinated omission. */
  readonly response: LatencyHistogram;
  /** From the start to the end of what was shot, in µs. */
  readonly service: LatencyHistogram;
}

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
