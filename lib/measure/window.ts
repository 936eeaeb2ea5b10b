import type { Bytes, EpochMs, Millis } from '../core/units.js';
import { type Counters, mergeCounters, noCounters } from './counters.js';
import { EMPTY_HISTOGRAM, type Histogram, mergeHistograms } from './histogram.js';
import { EMPTY_METRICS, mergeMetrics, type WindowMetrics } from './metrics.js';

/** The tag under which the samples of tags beyond the limit are counted. */
export const OTHER_TAGS = '(other tags)';

/** Most tags that one recorder counts under their own name, when nothing else is said. */
export const TAG_LIMIT = 1000;

/** How often a status was answered. */
export interface StatusCount {
  /** Status of the protocol, such as 200; from `sample.protoCode`. */
  readonly status: number;
  readonly count: number;
  /** Of these, how many had another verdict than `ok`. */
  readonly bad: number;
}

/** How often a failure happened. */
export interface FailureCount {
  /** Number of the failure, as phout has it; from `sample.netCode`. */
  readonly netCode: number;
  /** Stable name, such as `timeout`; from `sample.errorName`. May be empty. */
  readonly name: string;
  readonly count: number;
}

/** What was counted of some samples: of all, or of one tag. Every number comes from the samples. */
export interface WindowCounts {
  /** Number of all samples: `ended + discarded + unfinished`. */
  readonly count: number;
  /** Operations that were shot and came to an end: `ok + bad + failed`. */
  readonly ended: number;
  /** Of these, the ones whose verdict is `ok`. */
  readonly ok: number;
  /** Of these, the ones with a complete answer that is an error, or that failed a check: verdict `bad`. */
  readonly bad: number;
  /** Of these, the ones without a complete answer: verdict `failed`. */
  readonly failed: number;
  /** Operations that were overdue and not shot. They have no times. */
  readonly discarded: number;
  /** Operations that were due or under way when the run ended. Their age is in the times, as a lower bound. */
  readonly unfinished: number;
  /** Of these, the ones that a gun had started. */
  readonly underWay: number;
  /** Age of the oldest unfinished operation: from its intended moment to the end of the run. 0 when there is none. */
  readonly oldestUnfinishedMs: Millis;
  /** Bytes on the wire of the operations that ended. */
  readonly bytesOut: Bytes;
  readonly bytesIn: Bytes;
  /** Earliest and latest start of a shot, and latest end. `null` when there is none. */
  readonly firstStartedAt: EpochMs | null;
  readonly lastStartedAt: EpochMs | null;
  readonly lastEndedAt: EpochMs | null;
  /** `ended - intended`: free of coordinated omission. Of operations that ended or are unfinished. */
  readonly response: Histogram;
  /** `ended - started`: what the target took. Of operations that a gun had started. */
  readonly service: Histogram;
  /** By status. */
  readonly statuses: readonly StatusCount[];
  /** Answers of further statuses, beyond the limit of 100 for one tag. */
  readonly otherStatuses: number;
  /** By net code and name. */
  readonly failures: readonly FailureCount[];
  /** Failures of further names, beyond the limit of 100 for one tag. */
  readonly otherFailures: number;
}

/**
 * Everything that was counted in a stretch of time, as an immutable value. It is the one unit of results: the summary, the
 * live line and every other output are folds of windows.
 *
 * - A sample belongs to the window in which it arrived, which is when its operation ended.
 * - Windows add up exactly over time, threads and machines ({@link mergeWindows}). Only `tagLimit` limits that: which tags
 *   have a row of their own is decided by the recorder, as the first ones that it has seen.
 * - A window survives `structuredClone` as it is, and JSON by `windowToJson`.
 */
export interface Window {
  /** Begin, in epoch milliseconds of the run's clock. */
  readonly from: EpochMs;
  /** End. This moment belongs to the next window. */
  readonly to: EpochMs;
  /** True when it is shorter than windows of its stream are meant to be: the first and the last may be. */
  readonly partial: boolean;
  /**
   * Operations that the schedule planned for this stretch of time. From the plan, not from samples; `null` when no plan tells:
   * a stream, an unlimited schedule, a schedule that was steered, or samples without a schedule.
   */
  readonly planned: number | null;
  /** Shots that were given to guns in this stretch of time. From the engine's counter; `null` for samples without an engine. */
  readonly started: number | null;
  /** All operations. Groups and scenarios span operations and are not in it, so nothing is counted twice. */
  readonly total: WindowCounts;
  /** Operations by tag. Further tags than `tagLimit` are counted under `(other tags)`. */
  readonly tags: ReadonlyMap<string, WindowCounts>;
  /** Groups of a scenario by tag, with the time of all that is in them. Limited like tags. */
  readonly groups: ReadonlyMap<string, WindowCounts>;
  /** Scenarios by tag, from their start to their end. Limited like tags. */
  readonly scenarios: ReadonlyMap<string, WindowCounts>;
  /**
   * How long operations and scenarios that were due waited for a free instance, because the target was slow; those that were
   * discarded are left out.
   */
  readonly slotWait: Histogram;
  /** How late operations and scenarios were started by the generator's own fault. Of those that a gun had started. */
  readonly lateness: Histogram;
  /** What was counted besides samples, such as retries on kept connections. Empty for samples without an engine. */
  readonly counters: Counters;
  /** Checks and metrics of users, of samples of every scope. */
  readonly metrics: WindowMetrics;
  /** Most tags that one recorder counts under their own name. */
  readonly tagLimit: number;
  /** Number of samples whose tag came after the limit. */
  readonly beyondTagLimit: number;
}

/** The counts of no samples. */
export const EMPTY_COUNTS: WindowCounts = {
  count: 0,
  ended: 0,
  ok: 0,
  bad: 0,
  failed: 0,
  discarded: 0,
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

/** The window at a moment, of no length and no samples. Merged with another it changes nothing of what that has counted. */
export function emptyWindow(at: EpochMs): Window {
  return {
    from: at,
    to: at,
    partial: false,
    planned: 0,
    started: 0,
    total: EMPTY_COUNTS,
    tags: new Map(),
    groups: new Map(),
    scenarios: new Map(),
    slotWait: EMPTY_HISTOGRAM,
    lateness: EMPTY_HISTOGRAM,
    counters: noCounters(),
    metrics: EMPTY_METRICS,
    tagLimit: 0,
    beyondTagLimit: 0,
  };
}

/** True for a {@link Window}, such as the detail of a summary's periodic reports. */
export function isWindow(value: unknown): value is Window {
  if (typeof value !== 'object' || value === null) return false;
  const { from, total, tags } = value as Partial<Window>;
  return typeof from === 'number' && typeof total === 'object' && tags instanceof Map;
}

/** The counts of a tag, or else of the group or the scenario with that tag; `undefined` when there are none. */
export function countsOf({ tags, groups, scenarios }: Window, tag: string): WindowCounts | undefined {
  return tags.get(tag) ?? groups.get(tag) ?? scenarios.get(tag);
}

const least = (a: number | null, b: number | null): number | null => (a === null ? b : b === null ? a : Math.min(a, b));
const most = (a: number | null, b: number | null): number | null => (a === null ? b : b === null ? a : Math.max(a, b));
const sum = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a + b);

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

type CountsByTag = ReadonlyMap<string, WindowCounts>;

function mergeTags(a: CountsByTag, b: CountsByTag): CountsByTag {
  if (a.size === 0) return b;
  if (b.size === 0) return a;
  const merged = new Map(a);
  for (const [tag, counts] of b) {
    const known = merged.get(tag);
    merged.set(tag, known === undefined ? counts : mergeCounts(known, counts));
  }
  return merged;
}

/**
 * Merges two windows into one: of the same time, such as those of two threads, or of one time after another. Exact: counts
 * add up and histograms add up bucket by bucket, so the result is the window of one recorder that got all the samples.
 *
 * ```text
 * a                       [ 3 samples )
 * b                                   [ 2 samples )
 * mergeWindows(a, b)      [ 5 samples             )
 * ```
 *
 * - It spans from the earlier start to the later end, and is partial when one of the two is.
 * - Order and grouping do not matter: `mergeWindows(a, b)` equals `mergeWindows(b, a)`, and so on for more.
 * - It has the tags of both, so it never moves a sample to `(other tags)`. The tags of one recorder over all time are at
 *   most its `tagLimit`, so the windows of n threads have at most n times as many.
 * - `planned` and `started` add up, and are `null` when one of the two is.
 * - The two are not changed.
 *
 * @example
 * declare const windows: Observable<Window>;
 * windows.pipe(bufferCount(10), map((ten) => ten.reduce(mergeWindows))).subscribe(({ total }) => console.log(total.ended));
 */
export function mergeWindows(a: Window, b: Window): Window {
  return {
    from: Math.min(a.from, b.from),
    to: Math.max(a.to, b.to),
    partial: a.partial || b.partial,
    planned: sum(a.planned, b.planned),
    started: sum(a.started, b.started),
    total: mergeCounts(a.total, b.total),
    tags: mergeTags(a.tags, b.tags),
    groups: mergeTags(a.groups, b.groups),
    scenarios: mergeTags(a.scenarios, b.scenarios),
    slotWait: mergeHistograms(a.slotWait, b.slotWait),
    lateness: mergeHistograms(a.lateness, b.lateness),
    counters: mergeCounters(a.counters, b.counters),
    metrics: mergeMetrics(a.metrics, b.metrics),
    tagLimit: Math.max(a.tagLimit, b.tagLimit),
    beyondTagLimit: a.beyondTagLimit + b.beyondTagLimit,
  };
}
