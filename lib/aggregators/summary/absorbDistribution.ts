import type { LatencyHistogram } from '../../coreutil/latencyHistogram.js';
import type { Distribution } from './distribution.js';

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
