import type { Bytes, EpochMs } from './units.js';

/** What became of an operation. */
export type Outcome = 'shot' | 'discarded' | 'unfinished';

/**
 * What operators that count and time samples read from one. Network samples have all of it; samples of another shape are
 * mapped to it first.
 */
export interface TimedSample extends Sample {
  readonly outcome: Outcome;
  /** Empty for one operation. Any other text for what spans operations (a group, a scenario): totals leave it out. */
  readonly scope: string;
  /** Groups samples; empty for none. */
  readonly tag: string;
  /** Instance that shot, -1 when none did. */
  readonly instance: number;
  /** When the operation was meant to happen. */
  readonly intended: EpochMs;
  /** When the gun was called. */
  readonly started: EpochMs;
  readonly ended: EpochMs;
  /** 0 when a complete answer came. */
  readonly netCode: number;
  /** Status of the answer, 0 when it has none; from 400 on it counts as bad. */
  readonly protoCode: number;
  readonly bytesOut: Bytes;
  readonly bytesIn: Bytes;
}
