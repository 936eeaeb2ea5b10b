import type { Bytes } from '../lib/core/units.js';
import type { LatencyHistogram } from '../lib/coreutil/latencyHistogram.js';

/** What a {@link Window} has counted, of all samples or of one tag. To be read only. */
export interface WindowCounts {
  /** Number of all operations: shots, discarded and unfinished ones. */
  readonly count: number;
  /** Operations that were shot and came to an end, well or badly. */
  readonly shots: number;
  /** Of these, the ones without a complete answer. */
  readonly failed: number;
  /** Of these, the ones with a complete answer of status 400 or more. */
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
