import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { LatencyHistogram } from '../../../lib/measure/latencyHistogram.js';

const of = (values: readonly number[]): LatencyHistogram => {
  const histogram = new LatencyHistogram();
  for (const value of values) histogram.record(value);
  return histogram;
};

/** Everything that a histogram knows. */
function known(histogram: LatencyHistogram): unknown {
  const { totalCount, maxValue, minNonZeroValue, clamped } = histogram;
  const percentiles = [0, 50, 99, 100].map((p) => histogram.getValueAtPercentile(p));
  const counts = Array.from({ length: histogram.countsArrayLength }, (_, i) => histogram.getCountAtIndex(i));
  while (counts.at(-1) === 0) counts.pop();
  return { totalCount, maxValue, minNonZeroValue, clamped, percentiles, counts };
}

describe('LatencyHistogram.absorb', () => {
  it('counts what two have counted as one would have, whatever their sizes', () => {
    const us = fc.oneof(fc.nat(3000), fc.nat(4_000_000_000));
    fc.assert(
      fc.property(fc.array(us), fc.array(us), (a, b) => {
        const sum = of(a);
        sum.absorb(of(b));
        assert.deepEqual(known(sum), known(of([...a, ...b])));
        sum.record(5);
        assert.deepEqual(known(sum), known(of([...a, ...b, 5])));
      }),
      { numRuns: 60 },
    );
  });

  it('leaves the other as it is, and can absorb itself', () => {
    const [a, b] = [of([1, 1000]), of([5_000_000])];
    a.absorb(b);
    assert.deepEqual(known(b), known(of([5_000_000])));
    b.absorb(b);
    assert.deepEqual(known(b), known(of([5_000_000, 5_000_000])));
  });

  it('absorbs an empty one without a trace', () => {
    const a = of([]);
    a.absorb(of([]));
    assert.deepEqual(known(a), known(of([])));
  });
});
