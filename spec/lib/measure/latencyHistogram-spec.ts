import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Int32Histogram } from 'hdr-histogram-js';
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

describe('LatencyHistogram', () => {
  it('has the buckets of the library, with integer arithmetic', () => {
    const library = new Int32Histogram(1, 3_600_000_000, 3);
    const histogram = of([3_600_000_000]);
    const us = fc.oneof(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 3_600_000_000 }));
    fc.assert(
      fc.property(us, (value) => {
        const index = histogram.countsArrayIndex(value);
        assert.equal(index, library.countsArrayIndex(value));
        assert.equal(histogram.valueFromIndex(index), library.lowestEquivalentValue(value));
        assert.equal(histogram.medianEquivalentValue(value), library.medianEquivalentValue(value));
      }),
    );
    const edges = [0, 1, 1023, 1024, 2047, 2048, 2049, 4095, 4096, 2 ** 31 - 1, 2 ** 31, 3_600_000_000];
    for (const value of edges) {
      const index = histogram.countsArrayIndex(value);
      assert.equal(index, library.countsArrayIndex(value), `bucket of ${value}`);
      assert.equal(histogram.valueFromIndex(index), library.lowestEquivalentValue(value), `lowest beside ${value}`);
      assert.equal(
        histogram.medianEquivalentValue(value),
        library.medianEquivalentValue(value),
        `middle beside ${value}`,
      );
    }
  });

  it('counts an hour as it is, and what is longer as an hour, apart', () => {
    const histogram = of([3_600_000_000, 3_600_000_001, Number.MAX_SAFE_INTEGER]);
    assert.deepEqual([histogram.totalCount, histogram.clamped], [3, 2]);
    assert.equal(histogram.countsArrayIndex(histogram.maxValue), histogram.countsArrayIndex(3_600_000_000));
    assert.equal(histogram.getCountAtIndex(histogram.countsArrayIndex(3_600_000_000)), 3);
  });

  it('starts small and grows with the longest value', () => {
    const histogram = new LatencyHistogram();
    histogram.record(4095);
    assert.equal(histogram.countsArrayLength, 3072);
    histogram.record(4096);
    assert.ok(histogram.countsArrayLength > 3072);
  });

  it('is empty again after a reset', () => {
    const histogram = of([1, 5000, 4_000_000_000]);
    histogram.reset();
    assert.deepEqual([histogram.totalCount, histogram.clamped, histogram.getValueAtPercentile(100)], [0, 0, 0]);
    histogram.record(7);
    assert.deepEqual(known(histogram), known(of([7])));
  });
});

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

  it('takes the size of a larger one only when its values need it', () => {
    const [small, large] = [of([1]), of([5_000_000])];
    const { countsArrayLength } = large;
    large.absorb(small);
    assert.equal(large.countsArrayLength, countsArrayLength);
    small.absorb(of([4095]));
    assert.equal(small.countsArrayLength, 3072);
    small.absorb(of([4096]));
    assert.deepEqual(known(small), known(of([1, 4095, 4096])));
  });

  it('absorbs an empty one without a trace', () => {
    const a = of([]);
    a.absorb(of([]));
    assert.deepEqual(known(a), known(of([])));
  });
});
