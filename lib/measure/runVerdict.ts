import type { EpochMs } from '../core/units.js';

/** What happens when a threshold is violated: the run fails, the run stops and fails, or it is only reported. */
export type Otherwise = 'fail' | 'stop' | 'warn';

/** The state of a threshold after a window, or at the end of a run. */
export interface ThresholdState {
  /** The whole condition as text, such as `p99(response) < 250ms` or `errors < 1% of tag "login"`. */
  readonly condition: string;
  /** The pool that it judges; absent for all pools together. */
  readonly pool?: string;
  readonly otherwise: Otherwise;
  /** `pending`: there is no value yet, or it is too early to judge. Otherwise, whether the last value passes. */
  readonly status: 'pending' | 'passes' | 'fails';
  /** True when the threshold has been violated as often in a row as it allows; it stays true. */
  readonly violated: boolean;
  /** The end of the window with which it was first violated. */
  readonly violatedAt?: EpochMs;
  /** The measured value, in the unit of the limit; `null` when there is none. */
  readonly value: number | null;
  readonly limit: number;
  /** The unit of both: `ms`, `%`, `/s` or empty for a count. */
  readonly unit: 'ms' | '%' | '/s' | '';
  /** The distance of the value from the limit as a part of the limit, above 0 when it passes; `null` without a value or a limit. */
  readonly margin: number | null;
}

/** Whether a run is evidence about the target. `DEGRADED`: with the limits that its reasons state. */
export type VerdictLevel = 'VALID' | 'DEGRADED' | 'INVALID';

/** Something that makes a run less valid, with its number. */
export interface VerdictReason {
  /** Its stable name, such as `lateness`. */
  readonly code: string;
  readonly level: Exclude<VerdictLevel, 'VALID'>;
  /** The pool that it concerns; absent for the whole process. */
  readonly pool?: string;
  /** What was measured and what to do, as a sentence. */
  readonly text: string;
  readonly value: number;
  readonly limit: number;
}

/** The verdict on a run: the worst level of its reasons; `VALID` without any. */
export interface RunVerdict {
  readonly level: VerdictLevel;
  readonly reasons: readonly VerdictReason[];
}

/** Why a run ended, in plain words. */
export interface RunEnding {
  /** `plan`: all pools were done. `rule`: a condition or a threshold. `user`: a signal, a key or a button. `failure`: an error. */
  readonly by: 'plan' | 'rule' | 'user' | 'failure';
  readonly text: string;
}
