import type { Bytes, EpochMs, Millis } from '../../core/units.js';

/** What happened since the progress before: the detail of a summary's periodic reports. Plain data. */
export interface SummaryProgress {
  readonly kind: 'progress';
  readonly pool: string;
  /** When this was counted. */
  readonly at: EpochMs;
  /** Length of the window that ends `at`. */
  readonly windowMs: Millis;
  /** Shots that ended in the window. */
  readonly shots: number;
  /** Of these, the ones without a complete answer (verdict `failed`). */
  readonly failed: number;
  /** Of these, the ones with a complete answer that is an error, or that failed a check (verdict `bad`). */
  readonly badStatus: number;
  readonly discarded: number;
  readonly unfinished: number;
  readonly bytesOut: Bytes;
  readonly bytesIn: Bytes;
  /** Of the samples in the window; 0 when there are none. */
  readonly responseTimeMs: WindowTimes;
  readonly serviceTimeMs: WindowTimes;
}

/** The times of a window. */
export interface WindowTimes {
  readonly p50: Millis;
  readonly p99: Millis;
  readonly max: Millis;
}

/** True for the detail of a summary's periodic reports. */
export function isSummaryProgress(detail: unknown): detail is SummaryProgress {
  return typeof detail === 'object' && detail !== null && (detail as Partial<SummaryProgress>).kind === 'progress';
}
