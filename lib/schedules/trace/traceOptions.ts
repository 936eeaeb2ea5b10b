import type { Log } from '../../core/deps.js';
import type { Millis } from '../../core/units.js';

/** What the timestamps of a recorded trace stand in. */
export type TraceFormat = 'access' | 'phout' | 'csv';

/** What the numbers of a CSV trace count. */
export type TraceUnit = 'auto' | 's' | 'ms' | 'us' | 'ns';

/** Options of `tracePlan`. */
export interface TraceOptions {
  /** Path of the file, gzipped or not. */
  readonly file: string;
  /**
   * `access`: an access log, common or combined, with `[10/Oct/2000:13:55:36 -0700]` in each line.
   * `phout`: Pandora's result file, whose first column is when a shot started.
   * `csv`: a column of numbers or of ISO 8601 times.
   */
  readonly format: TraceFormat;
  /** For `csv`: number of the column, from 1, or its name in the first row. Default 1. */
  readonly column?: number | string;
  /** For `csv`: what numbers count. Default `auto`: by the size of the first one, seconds below 10^11. */
  readonly unit?: TraceUnit;
  /** How many times as fast. Default 1. */
  readonly speed?: number;
  /** How often it is played. Default 1. */
  readonly passes?: number;
  /**
   * The step of the clock that wrote the timestamps, in milliseconds: operations of one step are spread evenly over it. Default:
   * 1000 for `access`, else 0, which leaves operations with one timestamp together.
   */
  readonly resolutionMs?: Millis;
  /** Is told about timestamps out of order. */
  readonly log?: Log;
}
