import type { Metric } from './metric.js';
import type { Bytes, EpochMs, Millis } from './units.js';

/** The outcome of an operation. */
export type Outcome = 'shot' | 'discarded' | 'unfinished';

/** The scope of a sample; empty for one operation. */
export type SampleScope = '' | 'group' | 'scenario';

/**
 * Whether an operation succeeded. `failed`: there was no complete response. `bad`: there was a complete response, but its status
 * is an error (400 or above), or a check of it failed. `ok`: neither.
 */
export type Verdict = 'ok' | 'bad' | 'failed';

/**
 * The record of one operation for operators that count and time samples. Network samples have all fields; samples of
 * another shape are mapped to it first.
 *
 * - A gun MUST emit a sample once, when the operation has ended, and MUST NOT change it after that.
 * - Samples are never reused: any consumer MAY keep one, share it, delay it or emit it more than once.
 * - An aggregator MUST NOT change a sample, since every other consumer gets the same object. An operator that changes
 *   one emits a changed copy, such as `sample.with({ tag })`.
 */
export interface TimedSample {
  readonly outcome: Outcome;
  /** Empty for one operation. A `group` or `scenario` spans operations; totals do not count it. */
  readonly scope: SampleScope;
  /** Groups samples; empty for none. */
  readonly tag: string;
  /** The instance that shot; -1 when it was not shot. */
  readonly instance: number;
  /** The intended moment of the operation. */
  readonly intended: EpochMs;
  /** When the gun was called. */
  readonly started: EpochMs;
  /** The time for which it would have waited for a free instance in a generator without delays. */
  readonly slotWait: Millis;
  readonly ended: EpochMs;
  /** 0 when there was a complete response and all checks of it passed. */
  readonly netCode: number;
  /** Status of the response, 0 when it has none. */
  readonly protoCode: number;
  /** Default: derived from the two codes. */
  readonly verdict?: Verdict;
  /** Stable name of the failure; empty when there was none. */
  readonly errorName: string;
  readonly bytesOut: Bytes;
  readonly bytesIn: Bytes;
  /** Checks and metrics of users. Default: none. */
  readonly metrics?: readonly Metric[];
}

/** Net code of a complete response that failed a check. */
export const CHECK_FAILED = 998;

/** The verdict that follows from the codes of a sample. */
export function verdictOfCodes(netCode: number, protoCode: number): Verdict {
  if (netCode === 0) return protoCode >= 400 ? 'bad' : 'ok';
  return netCode === CHECK_FAILED ? 'bad' : 'failed';
}

/** The verdict of a sample: its own, or by default that of its codes. */
export function verdictOf(sample: Pick<TimedSample, 'verdict' | 'netCode' | 'protoCode'>): Verdict {
  return sample.verdict ?? verdictOfCodes(sample.netCode, sample.protoCode);
}
