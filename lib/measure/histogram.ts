import { checkArgument } from '../core/argument.js';
import type { Millis } from '../core/units.js';

/**
 * The distribution of a time as an immutable value: an HDR histogram in whole microseconds with 3 significant digits,
 * up to one hour. It is plain data, which `structuredClone` copies, so it can be sent to another thread unchanged.
 *
 * Two histograms add up exactly ({@link mergeHistograms}): the result is the histogram of all values.
 */
export interface Histogram {
  /** Number of values. */
  readonly count: number;
  /** Sum of all values in µs, exact. */
  readonly sumUs: number;
  /** Smallest value in µs, exact; 0 when there is none. */
  readonly minUs: number;
  /** Largest value in µs, exact; 0 when there is none. */
  readonly maxUs: number;
  /** Number of values above one hour, which are counted as one hour. */
  readonly clamped: number;
  /** Every bucket that is not empty, in ascending order: its lowest value in µs, its count, and so on in turn. */
  readonly buckets: Float64Array;
}

/** The histogram of no values. */
export const EMPTY_HISTOGRAM: Histogram = {
  count: 0,
  sumUs: 0,
  minUs: 0,
  maxUs: 0,
  clamped: 0,
  buckets: new Float64Array(),
};

/** Buckets per power of two above 2048 µs, which is 3 significant digits; below, every µs has its own bucket. */
const HALF_COUNT = 1024;
const HALF_MAGNITUDE = 10;

/** The number of the bucket of a value below 2^32, as in HdrHistogram. */
export function bucketIndex(us: number): number {
  const magnitude = 31 - HALF_MAGNITUDE - Math.clz32(us);
  return magnitude <= 0 ? us : magnitude * HALF_COUNT + (us >>> magnitude);
}

/** The lowest value of a bucket. */
export function lowestOfBucket(index: number): number {
  const magnitude = (index >>> HALF_MAGNITUDE) - 1;
  return magnitude <= 0 ? index : ((index & (HALF_COUNT - 1)) + HALF_COUNT) * (1 << magnitude);
}

/** Number of whole µs that share the bucket with this lowest value. Below 2048 µs every µs has its own bucket. */
export const bucketWidth = (lowestUs: number): number => (lowestUs < 2048 ? 1 : 1 << (21 - Math.clz32(lowestUs)));

function mergeBuckets(a: Float64Array, b: Float64Array): Float64Array {
  const merged = new Float64Array(a.length + b.length);
  let length = 0;
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const left = a[i] as number;
    const right = b[j] as number;
    merged[length] = Math.min(left, right);
    if (left < right) merged[length + 1] = a[i + 1] as number;
    else if (right < left) merged[length + 1] = b[j + 1] as number;
    else merged[length + 1] = (a[i + 1] as number) + (b[j + 1] as number);
    if (left <= right) i += 2;
    if (right <= left) j += 2;
    length += 2;
  }
  const rest = i < a.length ? a.subarray(i) : b.subarray(j);
  merged.set(rest, length);
  return merged.slice(0, length + rest.length);
}

const A_HISTOGRAM = {
  expected: 'a histogram',
  holds: (value: unknown): boolean => typeof (Object(value) as Partial<Histogram>).buckets === 'object',
  hint: 'such as a window has as response and service',
};

/** The histogram of the values of both. The two are not changed. */
export function mergeHistograms(a: Histogram, b: Histogram): Histogram {
  checkArgument('mergeHistograms', 'a', a, A_HISTOGRAM);
  checkArgument('mergeHistograms', 'b', b, A_HISTOGRAM);
  if (a.count === 0) return b;
  if (b.count === 0) return a;
  return {
    count: a.count + b.count,
    sumUs: a.sumUs + b.sumUs,
    minUs: Math.min(a.minUs, b.minUs),
    maxUs: Math.max(a.maxUs, b.maxUs),
    clamped: a.clamped + b.clamped,
    buckets: mergeBuckets(a.buckets, b.buckets),
  };
}

/**
 * The value at which or below which `p` percent of all values are, in milliseconds, to three significant digits.
 *
 * @param p From 0 to 100. 0 returns the smallest value, 100 the largest; both are exact.
 * @returns 0 when there are no values.
 */
export function valueAtPercentile(histogram: Histogram, p: number): Millis {
  checkArgument('valueAtPercentile', 'histogram', histogram, A_HISTOGRAM);
  const { count, minUs, maxUs, buckets } = histogram;
  if (p <= 0) return minUs / 1000;
  const wanted = Math.ceil((Math.min(p, 100) / 100) * count);
  let seen = 0;
  for (let i = 0; i < buckets.length; i += 2) {
    seen += buckets[i + 1] as number;
    if (seen < wanted) continue;
    const lowest = buckets[i] as number;
    return Math.min(lowest + bucketWidth(lowest) - 1, maxUs) / 1000;
  }
  return maxUs / 1000;
}

/** The distribution of a time in figures. All times are milliseconds; all are 0 when nothing was counted. */
export interface Distribution {
  /** Number of values. */
  readonly count: number;
  /** Exact to the microsecond. */
  readonly min: Millis;
  /** Exact. */
  readonly mean: Millis;
  /** Standard deviation, where each value counts as the middle of its bucket. */
  readonly stddev: Millis;
  readonly p50: Millis;
  readonly p75: Millis;
  readonly p90: Millis;
  readonly p95: Millis;
  readonly p99: Millis;
  readonly p999: Millis;
  /** Exact to the microsecond. */
  readonly max: Millis;
  /** Number of values above one hour, which are counted as one hour. */
  readonly clamped: number;
  /** Every bucket that is not empty, in ascending order: its lowest value in µs, its count, and so on in turn. */
  readonly bucketsUs: ArrayLike<number>;
}

/** The figures of a histogram. */
export function distributionOf(histogram: Histogram): Distribution {
  checkArgument('distributionOf', 'histogram', histogram, A_HISTOGRAM);
  const { count, sumUs, minUs, maxUs, clamped, buckets } = histogram;
  const meanUs = count === 0 ? 0 : sumUs / count;
  let squares = 0;
  for (let i = 0; i < buckets.length; i += 2) {
    const lowest = buckets[i] as number;
    const width = bucketWidth(lowest);
    const middle = width === 1 ? lowest : lowest + width / 2;
    squares += (middle - meanUs) ** 2 * (buckets[i + 1] as number);
  }
  const at = (p: number): Millis => valueAtPercentile(histogram, p);
  return {
    count,
    min: minUs / 1000,
    mean: meanUs / 1000,
    stddev: Math.sqrt(squares / Math.max(1, count)) / 1000,
    p50: at(50),
    p75: at(75),
    p90: at(90),
    p95: at(95),
    p99: at(99),
    p999: at(99.9),
    max: maxUs / 1000,
    clamped,
    bucketsUs: buckets,
  };
}
