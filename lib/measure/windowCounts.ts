import type { Bytes, EpochMs, Millis } from '../core/units.js';
import { EMPTY_HISTOGRAM, type Histogram, mergeHistograms } from './histogram.js';

/** How often a status was returned. */
export interface StatusCount {
  /** Status of the protocol, such as 200; from `sample.protoCode`. 0 for a complete response without a status. */
  readonly status: number;
  readonly count: number;
  /** Of these, how many had another verdict than `ok`. */
  readonly bad: number;
}

/** How often a failure happened. */
export interface FailureCount {
  /** Number of the failure, as phout has it; from `sample.netCode`. 0 when the protocol only has names, such as gRPC. */
  readonly netCode: number;
  /** Stable name, such as `timeout`; from `sample.errorName`. May be empty. */
  readonly name: string;
  readonly count: number;
}

/** The counts of all samples or of one tag. Every number comes from the samples. */
export interface WindowCounts {
  /** Number of all samples: `ended + discarded + unfinished`. */
  readonly count: number;
  /** Operations that were shot and have ended: `ok + bad + failed`. */
  readonly ended: number;
  /** Of these, those with the verdict `ok`. */
  readonly ok: number;
  /** Of these, those with a complete response that is an error, or that failed a check: verdict `bad`. */
  readonly bad: number;
  /** Of these, those without a complete response: verdict `failed`. */
  readonly failed: number;
  /** Operations that were overdue and not shot. They have no response and no service time. */
  readonly discarded: number;
  /**
   * Of these, those that were overdue more by lateness than by slot wait: because the generator was late, not because
   * instances were too few.
   */
  readonly discardedLate: number;
  /** Operations that were due or under way when the run ended. Their age is in the times, as a lower bound. */
  readonly unfinished: number;
  /** Of these, those that a gun had started. */
  readonly underWay: number;
  /** Age of the oldest unfinished operation: from its intended moment to the end of the run. 0 when there is none. */
  readonly oldestUnfinishedMs: Millis;
  /** Bytes on the wire of the operations that ended or are unfinished. */
  readonly bytesOut: Bytes;
  readonly bytesIn: Bytes;
  /** Earliest and latest start of a shot, and latest end. `null` when there is none. */
  readonly firstStartedAt: EpochMs | null;
  readonly lastStartedAt: EpochMs | null;
  readonly lastEndedAt: EpochMs | null;
  /** `ended - intended`: free of coordinated omission. Of operations that ended or are unfinished. */
  readonly response: Histogram;
  /** `ended - started`: the time of the target. Of operations that a gun had started. */
  readonly service: Histogram;
  /** By status. */
  readonly statuses: readonly StatusCount[];
  /** Responses with further statuses, beyond the limit of 100 for one tag. */
  readonly otherStatuses: number;
  /** By net code and name. */
  readonly failures: readonly FailureCount[];
  /** Failures with further names, beyond the limit of 100 for one tag. */
  readonly otherFailures: number;
}

/** The counts of no samples. */
export const EMPTY_COUNTS: WindowCounts = {
  count: 0,
  ended: 0,
  ok: 0,
  bad: 0,
  failed: 0,
  discarded: 0,
  discardedLate: 0,
  unfinished: 0,
  underWay: 0,
  oldestUnfinishedMs: 0,
  bytesOut: 0,
  bytesIn: 0,
  firstStartedAt: null,
  lastStartedAt: null,
  lastEndedAt: null,
  response: EMPTY_HISTOGRAM,
  service: EMPTY_HISTOGRAM,
  statuses: [],
  otherStatuses: 0,
  failures: [],
  otherFailures: 0,
};

const least = (a: number | null, b: number | null): number | null => (a === null ? b : b === null ? a : Math.min(a, b));
const most = (a: number | null, b: number | null): number | null => (a === null ? b : b === null ? a : Math.max(a, b));

/** Orders failures by number, then by name. */
export const byFailure = (a: FailureCount, b: FailureCount): number =>
  a.netCode - b.netCode || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
/** Orders statuses by number. */
export const byStatus = (a: StatusCount, b: StatusCount): number => a.status - b.status;

const addFailure = (a: FailureCount, b: FailureCount): FailureCount => ({ ...a, count: a.count + b.count });
const addStatus = (a: StatusCount, b: StatusCount): StatusCount => ({
  ...a,
  count: a.count + b.count,
  bad: a.bad + b.bad,
});

/** Adds up the counts of two ordered lists, entry by entry. */
function mergeEntries<T>(
  a: readonly T[],
  b: readonly T[],
  order: (a: T, b: T) => number,
  add: (a: T, b: T) => T,
): readonly T[] {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  const merged: T[] = [];
  for (const entry of [...a, ...b].sort(order)) {
    const last = merged.at(-1);
    if (last !== undefined && order(last, entry) === 0) merged[merged.length - 1] = add(last, entry);
    else merged.push(entry);
  }
  return merged;
}

/** The counts of the samples of both. */
export function mergeCounts(a: WindowCounts, b: WindowCounts): WindowCounts {
  if (a.count === 0) return b;
  if (b.count === 0) return a;
  return {
    count: a.count + b.count,
    ended: a.ended + b.ended,
    ok: a.ok + b.ok,
    bad: a.bad + b.bad,
    failed: a.failed + b.failed,
    discarded: a.discarded + b.discarded,
    discardedLate: a.discardedLate + b.discardedLate,
    unfinished: a.unfinished + b.unfinished,
    underWay: a.underWay + b.underWay,
    oldestUnfinishedMs: Math.max(a.oldestUnfinishedMs, b.oldestUnfinishedMs),
    bytesOut: a.bytesOut + b.bytesOut,
    bytesIn: a.bytesIn + b.bytesIn,
    firstStartedAt: least(a.firstStartedAt, b.firstStartedAt),
    lastStartedAt: most(a.lastStartedAt, b.lastStartedAt),
    lastEndedAt: most(a.lastEndedAt, b.lastEndedAt),
    response: mergeHistograms(a.response, b.response),
    service: mergeHistograms(a.service, b.service),
    statuses: mergeEntries(a.statuses, b.statuses, byStatus, addStatus),
    otherStatuses: a.otherStatuses + b.otherStatuses,
    failures: mergeEntries(a.failures, b.failures, byFailure, addFailure),
    otherFailures: a.otherFailures + b.otherFailures,
  };
}
