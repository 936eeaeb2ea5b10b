import type { Millis } from '../../core/units.js';

/**
 * The limits beyond which a run is less valid. A share is in percent of the operations or of the time.
 *
 * The base of most: a percentile is known only while less than its complement is missing or disturbed. With more than
 * 1 % of the operations missing, or more than 1 % of the time disturbed, the 99th percentile is not that of the target.
 */
export const VERDICT_LIMITS = {
  /** Lateness and delay of the event loop, at their 99th percentile: a millisecond is the resolution of timers, 10 ms disturb most services. */
  latenessMs: 10,
  /** A delay below this share of the median response time does not change a result. */
  latenessOfResponsePercent: 5,
  /** Above this part of the limit the times are disturbed, but still of the right size. */
  degradedPart: 0.5,
  /** Planned operations that were not shot. */
  notShotPercent: 1,
  /** Operations that were due and not begun at the end of the plan: the load was lower than the plan. */
  missedRatePercent: 2,
  missedRateInvalidPercent: 10,
  /** A core that is used for more of its time adds queueing of its own to each time. */
  busyPercent: 95,
  /** Pauses of the garbage collector as a part of the time. */
  gcPercent: 1,
  gcInvalidPercent: 10,
  /** Operations that failed for want of a local port or of an open file: a limit of this machine, not of the target. */
  exhaustedPercent: 1,
  /** The part of the allowed open files that is in use: connections are opened in bursts. */
  openFilesPercent: 90,
  /** Connections that were closed after a response although they were to be kept: their times contain the opening of the next one. */
  notKeptPercent: 10,
  /** A stop of the process for longer than a window of the run. */
  stoppedMs: 1000,
  stoppedInvalidPercent: 1,
  /** A step of the clock of the machine; the run itself uses a clock without steps. */
  clockStepMs: 500,
  /** A thread with less than this part of the mean number of operations of the threads. */
  threadPercent: 50,
  /** With fewer operations a share is chance. */
  leastOperations: 20,
} as const;

/** The names of the reasons of a verdict. */
export const REASON_CODES = [
  'nothing-shot',
  'not-shot',
  'missed-rate',
  'lost-share',
  'dropped',
  'lateness',
  'event-loop',
  'busy',
  'cpu',
  'gc',
  'stopped',
  'clock-step',
  'ports',
  'files',
  'connections',
  'threads',
] as const;
export type ReasonCode = (typeof REASON_CODES)[number];

/** What a user may change about the verdict. */
export interface VerdictSettings {
  /** The limit of lateness and of the delay of the event loop. */
  readonly latenessMs: Millis;
  /** The share of planned operations that may be missing, in percent; 100 for an overload on purpose. */
  readonly notShotPercent: number;
  /** Reasons that do not count. */
  readonly ignore: readonly ReasonCode[];
}

export const DEFAULT_VERDICT: VerdictSettings = {
  latenessMs: VERDICT_LIMITS.latenessMs,
  notShotPercent: VERDICT_LIMITS.notShotPercent,
  ignore: [],
};
