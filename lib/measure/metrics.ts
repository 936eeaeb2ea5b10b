import type { EpochMs } from '../core/units.js';

/** The largest number of names of metrics, over all kinds, that one recorder counts. */
export const METRIC_LIMIT = 100;

/** How often a check or a rate was true. */
export interface RateCount {
  readonly passed: number;
  /** How often it was measured. */
  readonly count: number;
}

/** A counter: the sum of its values. */
export interface CounterCount {
  readonly sum: number;
  /** How many values were added. */
  readonly count: number;
}

/** A gauge: its last value by time; of two at the same time, the greater. */
export interface GaugeCount {
  readonly last: number;
  /** When the last value was measured: the end of its sample. */
  readonly at: EpochMs;
  readonly min: number;
  readonly max: number;
  readonly count: number;
}

/** The distribution of a trend. */
export interface TrendCount {
  readonly count: number;
  readonly sum: number;
  /** Exact. */
  readonly min: number;
  /** Exact. */
  readonly max: number;
  /** The values in ascending order, each rounded to 3 significant digits and followed by its count. */
  readonly values: Float64Array;
}

/** Checks and metrics of the samples of a window, by kind and name. */
export interface WindowMetrics {
  readonly checks: ReadonlyMap<string, RateCount>;
  readonly counters: ReadonlyMap<string, CounterCount>;
  readonly gauges: ReadonlyMap<string, GaugeCount>;
  readonly rates: ReadonlyMap<string, RateCount>;
  readonly trends: ReadonlyMap<string, TrendCount>;
  /** Number of values with a name beyond the limit of 100 names. They are counted here only. */
  readonly beyondLimit: number;
  /** Number of metrics of a wrong shape: a value that is no finite number, or below 0 for a counter. They are counted here only. */
  readonly refused: number;
}

/** The metrics of no samples. */
export const EMPTY_METRICS: WindowMetrics = {
  checks: new Map(),
  counters: new Map(),
  gauges: new Map(),
  rates: new Map(),
  trends: new Map(),
  beyondLimit: 0,
  refused: 0,
};

const addRates = (a: RateCount, b: RateCount): RateCount => ({
  passed: a.passed + b.passed,
  count: a.count + b.count,
});

const addCounters = (a: CounterCount, b: CounterCount): CounterCount => ({
  sum: a.sum + b.sum,
  count: a.count + b.count,
});

function addGauges(a: GaugeCount, b: GaugeCount): GaugeCount {
  const later = a.at > b.at || (a.at === b.at && a.last >= b.last) ? a : b;
  return {
    last: later.last,
    at: later.at,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    count: a.count + b.count,
  };
}

function addTrends(a: TrendCount, b: TrendCount): TrendCount {
  const counts = new Map<number, number>();
  for (const { values } of [a, b])
    for (let i = 0; i < values.length; i += 2) {
      const value = values[i] as number;
      counts.set(value, (counts.get(value) ?? 0) + (values[i + 1] as number));
    }
  return {
    count: a.count + b.count,
    sum: a.sum + b.sum,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    values: inOrder(counts),
  };
}

/** Counts by value as the list of a {@link TrendCount}. */
export function inOrder(counts: ReadonlyMap<number, number>): Float64Array {
  return Float64Array.from([...counts].sort(([a], [b]) => a - b).flat());
}

type ByName<T> = ReadonlyMap<string, T>;

function mergeByName<T>(a: ByName<T>, b: ByName<T>, add: (a: T, b: T) => T): ByName<T> {
  if (a.size === 0) return b;
  if (b.size === 0) return a;
  const merged = new Map(a);
  for (const [name, count] of b) {
    const known = merged.get(name);
    merged.set(name, known === undefined ? count : add(known, count));
  }
  return merged;
}

/**
 * The metrics of the samples of both. Counts and distributions add up exactly; of a gauge the last value by time
 * counts, for any order of merging. The two are not changed.
 */
export function mergeMetrics(a: WindowMetrics, b: WindowMetrics): WindowMetrics {
  if (a === EMPTY_METRICS) return b;
  if (b === EMPTY_METRICS) return a;
  return {
    checks: mergeByName(a.checks, b.checks, addRates),
    counters: mergeByName(a.counters, b.counters, addCounters),
    gauges: mergeByName(a.gauges, b.gauges, addGauges),
    rates: mergeByName(a.rates, b.rates, addRates),
    trends: mergeByName(a.trends, b.trends, addTrends),
    beyondLimit: a.beyondLimit + b.beyondLimit,
    refused: a.refused + b.refused,
  };
}

/**
 * The value at which or below which `p` percent of the values of a trend are, to 3 significant digits.
 *
 * @param p From 0 to 100. 0 returns the smallest value, 100 the greatest; both are exact.
 */
export function trendPercentile({ count, min, max, values }: TrendCount, p: number): number {
  if (p <= 0) return min;
  const wanted = Math.ceil((Math.min(p, 100) * count) / 100);
  let seen = 0;
  for (let i = 0; i < values.length - 2; i += 2) {
    seen += values[i + 1] as number;
    if (seen >= wanted) return Math.min(Math.max(values[i] as number, min), max);
  }
  return max;
}
