import type { Random } from '../core/deps.js';
import type { Millis } from '../core/units.js';

/** Below this many µs the buckets of a latency histogram are 1 µs wide; above, 1024 buckets share each power of two. */
const EXACT_BELOW_US = 2048;

function widthUs(lowUs: number): number {
  return lowUs < EXACT_BELOW_US ? 1 : 2 ** (Math.floor(Math.log2(lowUs)) - 10);
}

/**
 * Draws times from a histogram: a bucket by its count, then uniformly inside the bucket.
 *
 * @param bucketsUs Lowest value of a bucket in µs, its count, and so on in turn: `Distribution.bucketsUs`.
 */
export function bucketSampler(bucketsUs: readonly number[], random: Random): () => Millis {
  const size = bucketsUs.length / 2;
  const lows = Float64Array.from({ length: size }, (_, i) => bucketsUs[2 * i] as number);
  const upTo = new Float64Array(size);
  let total = 0;
  for (let i = 0; i < size; i++) {
    total += bucketsUs[2 * i + 1] as number;
    upTo[i] = total;
  }
  return () => {
    const wanted = random() * total;
    let low = 0;
    let high = size - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (wanted < (upTo[middle] as number)) high = middle;
      else low = middle + 1;
    }
    const us = lows[low] as number;
    return (us + random() * widthUs(us)) / 1000;
  };
}
