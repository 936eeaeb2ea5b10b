import type { EpochMs } from '../core/units.js';
import { EMPTY_HISTOGRAM, type Histogram, mergeHistograms, valueAtPercentile } from '../measure/histogram.js';
import {
  EMPTY_METRICS,
  mergeMetrics,
  type TrendCount,
  trendPercentile,
  type WindowMetrics,
} from '../measure/metrics.js';
import { plannedCounts } from '../measure/summary.js';
import type { Window } from '../measure/window.js';
import type { WindowCounts } from '../measure/windowCounts.js';
import type { Counted, Measure, OutcomeName, Statistic, Threshold } from './threshold.js';

/**
 * The part of a window that one threshold needs. Tallies add up exactly, in any order and grouping, as windows do; a
 * tally is smaller than a window, so that a long row of them is cheap to keep and to merge.
 */
export interface Tally {
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** The operations that are counted, and all of which they are a part. */
  readonly part: number;
  readonly whole: number;
  /** The planned operations; `null` when they are unknown. */
  readonly planned: number | null;
  readonly times: Histogram;
  /** The metric or the check of that name only. */
  readonly metrics: WindowMetrics;
  /** True when the tag, the check or the metric of the threshold has appeared. */
  readonly seen: boolean;
}

/** The tallies of both together. */
export function mergeTallies(a: Tally, b: Tally): Tally {
  return {
    from: Math.min(a.from, b.from),
    to: Math.max(a.to, b.to),
    part: a.part + b.part,
    whole: a.whole + b.whole,
    planned: a.planned === null || b.planned === null ? null : a.planned + b.planned,
    times: mergeHistograms(a.times, b.times),
    metrics: mergeMetrics(a.metrics, b.metrics),
    seen: a.seen || b.seen,
  };
}

const OUTCOME: Readonly<Record<OutcomeName, (counts: WindowCounts) => number>> = {
  errors: ({ bad, failed, discarded }) => bad + failed + discarded,
  bad: ({ bad }) => bad,
  failed: ({ failed }) => failed,
  discarded: ({ discarded }) => discarded,
  unfinished: ({ unfinished }) => unfinished,
  ended: ({ ended }) => ended,
  ok: ({ ok }) => ok,
};

/** The number in a mask such as `5xx`, where each x is any digit; `xx` alone stands for every number but 0. */
export function matches(mask: string, code: number): boolean {
  if (/^x+$/.test(mask)) return code !== 0;
  const digits = String(code);
  return digits.length === mask.length && [...mask].every((letter, i) => letter === 'x' || letter === digits[i]);
}

/** The net code of a complete response is 0. */
function failuresOf(counted: Counted, { ended, failed, failures }: WindowCounts): number {
  const among = failures.filter(({ netCode, name }) =>
    counted.by === 'net' ? matches(counted.mask, netCode) : counted.by === 'failure' && name === counted.name,
  );
  const complete = counted.by === 'net' && matches(counted.mask, 0) ? ended - failed : 0;
  return among.reduce((sum, { count }) => sum + count, complete);
}

function countOf(counted: Counted, counts: WindowCounts): number {
  if (counted.by === 'outcome') return OUTCOME[counted.outcome](counts);
  const { mask } = counted.by === 'status' ? counted : { mask: '' };
  const count =
    counted.by === 'status'
      ? counts.statuses.reduce((sum, entry) => (matches(mask, entry.status) ? sum + entry.count : sum), 0)
      : failuresOf(counted, counts);
  return counted.not ? counts.ended - count : count;
}

/** The operations of which a count is a part: operations that were not shot are errors, but have no status. */
function wholeOf(counted: Counted, { count, ended, discarded }: WindowCounts): number {
  if (counted.by !== 'outcome') return ended;
  return counted.outcome === 'unfinished' ? count : ended + discarded;
}

/** Number of values above a time. The bucket with that time is not above it. */
function countAbove({ buckets }: Histogram, us: number): number {
  let above = 0;
  for (let i = buckets.length - 2; i >= 0; i -= 2) {
    const lowest = buckets[i] as number;
    if (lowest <= us) break;
    above += buckets[i + 1] as number;
  }
  return above;
}

function pick<T>(map: ReadonlyMap<string, T>, name: string): ReadonlyMap<string, T> {
  const value = map.get(name);
  return value === undefined ? new Map() : new Map([[name, value]]);
}

/** The metrics of one name. */
function metricsNamed({ counters, gauges, rates, trends }: WindowMetrics, name: string): WindowMetrics {
  const parts = {
    counters: pick(counters, name),
    gauges: pick(gauges, name),
    rates: pick(rates, name),
    trends: pick(trends, name),
  };
  return Object.values(parts).every(({ size }) => size === 0) ? EMPTY_METRICS : { ...EMPTY_METRICS, ...parts };
}

function scoped(window: Window, { scope }: Threshold): WindowCounts | undefined {
  if (scope === undefined) return window.total;
  const { tags, groups, scenarios } = window;
  return { tag: tags, group: groups, scenario: scenarios }[scope.kind].get(scope.name);
}

/** The instances of a pool with a shot under way, and all that are running. */
export interface BusyInstances {
  readonly busy: number;
  readonly instances: number;
}

/**
 * The tally of a threshold in a window.
 *
 * @param instances The instances at the end of the window.
 */
export function tallyOf(threshold: Threshold, window: Window, instances: BusyInstances): Tally {
  const { measure, limit } = threshold;
  const { from, to, planned, metrics } = window;
  const counts = scoped(window, threshold);
  const none = { from, to, part: 0, whole: 0, planned, times: EMPTY_HISTOGRAM, metrics: EMPTY_METRICS };
  if (counts === undefined) return { ...none, seen: false };
  const tally = { ...none, seen: true };
  switch (measure.kind) {
    case 'time':
    case 'slower': {
      const { time } = measure;
      const times = time === 'lateness' ? window.lateness : time === 'wait' ? window.slotWait : counts[time];
      if (measure.kind === 'time') return { ...tally, times };
      return { ...tally, part: countAbove(times, measure.thanMs * 1000), whole: times.count };
    }
    case 'count':
      return { ...tally, part: countOf(measure.counted, counts), whole: wholeOf(measure.counted, counts) };
    case 'rate': {
      const compared = limit.unit === 'planned' ? plannedCounts(window) : counts;
      return { ...tally, part: measure.rate === 'started' ? (window.started ?? 0) : compared[measure.rate] };
    }
    case 'checks': {
      const { name } = measure;
      const checks = [...metrics.checks].filter(([each]) => name === null || each === name).map(([, rate]) => rate);
      const part = checks.reduce((sum, { passed }) => sum + passed, 0);
      return { ...tally, part, whole: checks.reduce((sum, { count }) => sum + count, 0), seen: checks.length > 0 };
    }
    case 'metric':
    case 'trend': {
      const own = metricsNamed(metrics, measure.name);
      return { ...tally, metrics: own, seen: own !== EMPTY_METRICS };
    }
    case 'busy':
      return { ...tally, part: instances.busy, whole: instances.instances };
  }
}

function timeOf(times: Histogram, statistic: Statistic): number | null {
  if (times.count === 0) return null;
  if (statistic === 'avg') return times.sumUs / times.count / 1000;
  const percentile = statistic === 'min' ? 0 : statistic === 'max' ? 100 : statistic.percentile;
  return valueAtPercentile(times, percentile);
}

function trendOf(trend: TrendCount | undefined, statistic: Statistic): number | null {
  if (trend === undefined || trend.count === 0) return null;
  if (statistic === 'avg') return trend.sum / trend.count;
  return trendPercentile(trend, statistic === 'min' ? 0 : statistic === 'max' ? 100 : statistic.percentile);
}

const first = <T>(map: ReadonlyMap<string, T>): T | undefined => map.values().next().value;

/** A metric of any kind: a counter, a gauge, a rate in percent, or the mean of a trend. */
function metricOf({ counters, gauges, rates, trends }: WindowMetrics): number | null {
  const rate = first(rates);
  return (
    first(counters)?.sum ??
    first(gauges)?.last ??
    (rate === undefined || rate.count === 0 ? trendOf(first(trends), 'avg') : (100 * rate.passed) / rate.count)
  );
}

/** The value of a measure in the unit of the limit; `null` when there is none. */
export function measured({ measure, limit }: Pick<Threshold, 'measure' | 'limit'>, tally: Tally): number | null {
  if (!tally.seen) return null;
  switch (measure.kind) {
    case 'time':
      return timeOf(tally.times, measure.statistic);
    case 'trend': {
      const gauge = first(tally.metrics.gauges);
      if (gauge !== undefined && (measure.statistic === 'min' || measure.statistic === 'max'))
        return gauge[measure.statistic];
      return trendOf(first(tally.metrics.trends), measure.statistic);
    }
    case 'metric':
      return metricOf(tally.metrics);
    case 'rate':
      return tally.to > tally.from ? (tally.part * 1000) / (tally.to - tally.from) : null;
    case 'slower':
    case 'count':
    case 'checks':
    case 'busy':
      if (limit.unit !== '%') return tally.part;
      return tally.whole === 0 ? null : (100 * tally.part) / tally.whole;
  }
}

/** The limit as a number: for a part of the planned rate that of the tally; `null` when the plan is unknown. */
export function limitIn({ limit }: Pick<Threshold, 'limit'>, { planned, from, to }: Tally): number | null {
  if (limit.unit !== 'planned') return limit.value;
  return planned === null || to <= from ? null : (limit.value * planned * 1000) / (to - from);
}

/** True for measures that only a whole pool has, not a tag. */
export function belongsToPool(measure: Measure): boolean {
  if (measure.kind === 'time' || measure.kind === 'slower')
    return measure.time === 'lateness' || measure.time === 'wait';
  return measure.kind === 'rate' ? measure.rate === 'started' : measure.kind !== 'count';
}
