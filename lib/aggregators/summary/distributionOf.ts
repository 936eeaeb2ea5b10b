import type { Millis } from '../../core/units.js';
import type { Distribution } from './distribution.js';
import type { LatencyHistogram } from './latencyHistogram.js';

/** What a histogram has counted, as plain data. */
export function distributionOf(histogram: LatencyHistogram): Distribution {
  const { maxValue, totalCount } = histogram;
  const at = (percentile: number): Millis => Math.min(histogram.getValueAtPercentile(percentile), maxValue) / 1000;
  const bucketsUs: number[] = [];
  for (let index = 0; index < histogram.countsArrayLength; index++) {
    const count = histogram.getCountAtIndex(index);
    if (count > 0) bucketsUs.push(histogram.valueFromIndex(index), count);
  }
  const empty = totalCount === 0;
  return {
    count: totalCount,
    min: empty || bucketsUs[0] === 0 ? 0 : histogram.minNonZeroValue / 1000,
    mean: empty ? 0 : histogram.mean / 1000,
    stddev: empty ? 0 : histogram.stdDeviation / 1000,
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
