import type { Millis } from '../../core/units.js';

/**
 * The distribution of a time, as plain data. Values are milliseconds of microsecond resolution and three significant
 * digits; all are 0 when nothing was counted.
 */
export interface Distribution {
  readonly count: number;
  readonly min: Millis;
  readonly mean: Millis;
  readonly stddev: Millis;
  readonly p50: Millis;
  readonly p75: Millis;
  readonly p90: Millis;
  readonly p95: Millis;
  readonly p99: Millis;
  readonly p999: Millis;
  readonly max: Millis;
  /** Number of values beyond one hour, which were counted as one hour. */
  readonly clamped: number;
  /** Every bucket that is not empty, smallest first: its lowest value in µs, its count, and so on in turn. */
  readonly bucketsUs: readonly number[];
}
