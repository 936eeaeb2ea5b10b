import { defined } from '../core/defined.js';
import type { BadAmmo } from '../measure/badAmmo.js';
import type { Distribution } from '../measure/histogram.js';
import type { RunEnding, RunVerdict, ThresholdState } from '../measure/runVerdict.js';
import type { LostShare, SummarySnapshot, TagSummary } from '../measure/summary.js';
import { verdictOf } from '../measure/verdict/verdictOf.js';
import { type ConnectionsJson, connectionsJson } from './connections.js';
import { shownTag } from './format.js';
import { type MetricsJson, metricsJson } from './metrics.js';
import type { RunOutcome } from './outcomeText.js';

/** Version of the shape of {@link summaryJson}. It increases when a key changes its meaning or is removed. */
const SCHEMA_VERSION = 2;

/** A time: all in milliseconds, except `count`, `clamped` (values over an hour) and the buckets. */
export type TimeJson = Omit<Distribution, 'bucketsUs'> & {
  /** Lowest value in µs and count of every histogram bucket that is not empty, in turn. Only on request. */
  readonly bucketsUs?: readonly number[];
};

/** Numbers of one tag, or of all of a pool. Moments are epoch milliseconds, `null` when there was none. */
export interface CountsJson {
  readonly shots: number;
  readonly failed: number;
  readonly badStatus: number;
  readonly discarded: number;
  /** Discarded operations that were overdue because the generator was late. */
  readonly discardedLate: number;
  readonly unfinished: number;
  readonly oldestUnfinishedMs: number;
  readonly sentBytes: number;
  readonly receivedBytes: number;
  readonly firstStartedEpochMs: number | null;
  readonly lastStartedEpochMs: number | null;
  readonly lastEndedEpochMs: number | null;
  readonly startedPerSecond: number | null;
  readonly endedPerSecond: number | null;
  readonly responseTimeMs: TimeJson;
  readonly serviceTimeMs: TimeJson;
  readonly statuses: readonly { readonly status: number; readonly count: number }[];
  /** Responses of further statuses, when there were more than 100. */
  readonly otherStatuses?: number;
  readonly failures: readonly { readonly netCode: number; readonly name: string; readonly count: number }[];
  /** Failures of further names, when there were more than 100. */
  readonly otherFailures?: number;
}

/** Numbers of one pool. */
export interface PoolJson {
  readonly pool: string;
  readonly planned: { readonly count: number | null; readonly durationMs: number } | null;
  /** The reason of the condition that ended the pool, if one did. */
  readonly stopped?: string;
  readonly total: CountsJson;
  /** All scenarios together, when there were any; `planned` counts their starts then, and `total` their requests. */
  readonly scenarios?: CountsJson;
  /** `scope` exists for tags that span requests of other tags; `total` does not include them. */
  readonly tags: readonly (CountsJson & { readonly tag: string; readonly scope?: 'group' | 'scenario' })[];
  readonly samplesBeyondTagLimit: number;
  /** Checks and metrics of users, when there were any. */
  readonly metrics?: MetricsJson;
  readonly slotWaitMs: TimeJson;
  readonly latenessMs: TimeJson;
  /** The connections of the guns, when there were any. */
  readonly connections?: ConnectionsJson;
  /** Counters that do not come from samples, by name, when there were any. */
  readonly counters?: Readonly<Record<string, number>>;
  /** The delay and the utilisation of the generator's event loop exist only for runs in real time. */
  readonly generator: {
    readonly eventLoopDelayMs?: TimeJson;
    readonly eventLoopUtilization?: number;
  };
  /** Shares of the run that were lost, when there were any. */
  readonly lostShares?: readonly LostShare[];
  /** Planned operations that were not shot, when there are any: their number, and the reasons. */
  readonly notShot?: { readonly count: number; readonly text: string };
  /** Bad items of ammo, by kind with the first places, when there were any. */
  readonly badAmmo?: readonly BadAmmo[];
  /** Operations that were not shot because there was no ammo. */
  readonly withoutAmmo: number;
  readonly instances?: number;
  /** The threads that shared the run, when there were several. */
  readonly threads?: readonly ThreadJson[];
}

/** One thread's part. */
export interface ThreadJson {
  readonly shots: number;
  readonly latenessP50Ms: number;
  readonly latenessP99Ms: number;
}

/** The result of {@link summaryJson}. */
export interface SummaryJson {
  readonly schemaVersion: number;
  /** Seed of all random numbers of the run. */
  readonly seed?: number;
  /** Whether the run is evidence about its target, and the reasons that make it less valid: the worst first. */
  readonly verdict: RunVerdict;
  /** Why the run ended; absent when it is not known. */
  readonly ending?: RunEnding;
  /** The states of the thresholds at the end, when there were any. */
  readonly thresholds?: readonly ThresholdState[];
  readonly pools: readonly PoolJson[];
}

/** How times are written. */
type TimeWriter = (time: Distribution) => TimeJson;

function timeWriter(buckets: boolean): TimeWriter {
  return ({ bucketsUs, ...figures }) => (buckets ? { ...figures, bucketsUs: Array.from(bucketsUs) } : figures);
}

function countsJson(from: TagSummary, time: TimeWriter): CountsJson {
  return {
    shots: from.ended,
    failed: from.failed,
    badStatus: from.bad,
    discarded: from.discarded,
    discardedLate: from.discardedLate,
    unfinished: from.unfinished,
    oldestUnfinishedMs: from.oldestUnfinishedMs,
    sentBytes: from.bytesOut,
    receivedBytes: from.bytesIn,
    firstStartedEpochMs: from.firstStartedAt,
    lastStartedEpochMs: from.lastStartedAt,
    lastEndedEpochMs: from.lastEndedAt,
    startedPerSecond: from.startedPerSecond,
    endedPerSecond: from.endedPerSecond,
    responseTimeMs: time(from.responseTimeMs),
    serviceTimeMs: time(from.serviceTimeMs),
    statuses: from.statuses.map(({ status, count }) => ({ status, count })),
    ...(from.otherStatuses === 0 ? {} : { otherStatuses: from.otherStatuses }),
    failures: from.failures,
    ...(from.otherFailures === 0 ? {} : { otherFailures: from.otherFailures }),
  };
}

function generatorJson({ delayMs, utilization }: SummarySnapshot['loop'], time: TimeWriter): PoolJson['generator'] {
  return {
    ...(delayMs.count === 0 ? {} : { eventLoopDelayMs: time(delayMs) }),
    ...(utilization === null ? {} : { eventLoopUtilization: utilization }),
  };
}

function poolJson(from: SummarySnapshot, time: TimeWriter): PoolJson {
  const { window, scenarios, notShot, threads } = from;
  return {
    pool: from.pool,
    planned: from.planned,
    ...defined({ stopped: from.stopped }),
    total: countsJson(from.total, time),
    ...(scenarios === undefined ? {} : { scenarios: countsJson(scenarios, time) }),
    tags: from.tags.map((tag) => ({
      tag: shownTag(tag.tag),
      ...defined({ scope: tag.scope }),
      ...countsJson(tag, time),
    })),
    samplesBeyondTagLimit: from.beyondTagLimit,
    ...defined({ metrics: metricsJson(window.metrics) }),
    slotWaitMs: time(from.slotWaitMs),
    latenessMs: time(from.latenessMs),
    ...defined({ connections: connectionsJson(window.connections) }),
    ...(window.counters.size === 0 ? {} : { counters: Object.fromEntries(window.counters) }),
    generator: generatorJson(from.loop, time),
    ...(notShot === undefined ? {} : { notShot: { count: notShot.count, text: notShot.text } }),
    ...defined({ instances: from.instances, badAmmo: from.badAmmo, lostShares: from.lostShares }),
    withoutAmmo: window.withoutAmmo,
    ...(threads === undefined
      ? {}
      : { threads: threads.map(({ ended, ...lateness }) => ({ shots: ended, ...lateness })) }),
  };
}

/**
 * The summary of a run for programs, as plain data in a stable shape: within a `schemaVersion` keys may be added, but
 * not changed. The key of a number has its unit.
 *
 * @param options.buckets Include the buckets of the histograms. Default false.
 * @param options.outcome The verdict, the ending and the thresholds of the run. Default: the verdict by the summaries alone.
 * @param options.seed The seed of the run, for the key `seed`. Default: the key is absent.
 * @example
 * declare const snapshot: SummarySnapshot;
 * const text = JSON.stringify(summaryJson([snapshot]), null, 2);
 */
export function summaryJson(
  pools: readonly SummarySnapshot[],
  options: { readonly buckets?: boolean; readonly seed?: number | undefined; readonly outcome?: RunOutcome } = {},
): SummaryJson {
  const { buckets = false, seed, outcome } = options;
  const time = timeWriter(buckets);
  return {
    schemaVersion: SCHEMA_VERSION,
    ...defined({ seed }),
    verdict: outcome?.verdict ?? verdictOf(pools),
    ...defined({ ending: outcome?.ending, thresholds: outcome?.thresholds }),
    pools: pools.map((pool) => poolJson(pool, time)),
  };
}
