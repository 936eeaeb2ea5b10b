import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { decodeFromCompressedBase64, encodeIntoCompressedBase64, Float64Histogram } from 'hdr-histogram-js';
import {
  bucketIndex,
  bucketWidth,
  distributionOf,
  EMPTY_HISTOGRAM,
  type Histogram,
  lowestOfBucket,
  mergeHistograms,
  valueAtPercentile,
} from '../../../lib/measure/histogram.js';
import { histogramFromJson, histogramToJson } from '../../../lib/measure/histogramJson.js';
import { HistogramRecorder } from '../../../lib/measure/histogramRecorder.js';

const HOUR_US = 3_600_000_000;

function recorded(values: readonly number[]): HistogramRecorder {
  const recorder = new HistogramRecorder();
  for (const value of values) recorder.record(value);
  return recorder;
}
const histogramOf = (values: readonly number[]): Histogram => recorded(values).take();

/** Short, long and longer than an hour; small numbers often, so that buckets are shared. */
const time = fc.oneof(fc.nat(20), fc.nat(5000), fc.nat(HOUR_US), fc.nat(2 ** 40));
const times = fc.array(time, { maxLength: 200 });

describe('HistogramRecorder', () => {
  it('has the buckets and the percentiles of HdrHistogram', () => {
    fc.assert(
      fc.property(times, fc.double({ min: 0, max: 100, noNaN: true }), (values, p) => {
        const theirs = new Float64Histogram(1, HOUR_US, 3);
        for (const value of values) theirs.recordValue(Math.min(value, HOUR_US));
        const ours = histogramOf(values);
        const buckets: number[] = [];
        for (let i = 0; i < theirs.countsArrayLength; i++)
          if (theirs.getCountAtIndex(i) > 0) buckets.push(theirs.valueFromIndex(i), theirs.getCountAtIndex(i));
        assert.deepEqual([...ours.buckets], buckets);
        const expected = p === 0 ? ours.minUs : Math.min(theirs.getValueAtPercentile(p), theirs.maxValue);
        assert.equal(valueAtPercentile(ours, p), expected / 1000);
      }),
    );
  });

  it('has the buckets of HdrHistogram at their edges', () => {
    const library = new Float64Histogram(1, HOUR_US, 3);
    const edges = [0, 1, 1023, 1024, 2047, 2048, 2049, 4095, 4096, 2 ** 31 - 1, 2 ** 31, HOUR_US];
    for (const us of edges) {
      const index = bucketIndex(us);
      assert.equal(index, library.countsArrayIndex(us), `bucket of ${us}`);
      assert.equal(lowestOfBucket(index), library.lowestEquivalentValue(us), `lowest beside ${us}`);
      assert.equal(bucketWidth(lowestOfBucket(index)), library.sizeOfEquivalentValueRange(us), `width beside ${us}`);
    }
  });

  it('keeps count, sum, smallest and largest value exactly, and counts what is longer than an hour as an hour', () => {
    const { buckets, ...rest } = histogramOf([0, 2_345_678, 7, HOUR_US + 1]);
    assert.deepEqual(rest, { count: 4, sumUs: 2_345_685 + HOUR_US, minUs: 0, maxUs: HOUR_US, clamped: 1 });
    assert.deepEqual(
      [...buckets].filter((_, i) => i % 2 === 1),
      [1, 1, 1, 1],
    );
  });

  it('is empty after take, for any size', () => {
    fc.assert(
      fc.property(times, times, (before, after) => {
        const recorder = recorded(before);
        recorder.take();
        for (const value of after) recorder.record(value);
        assert.deepEqual(recorder.take(), histogramOf(after));
      }),
    );
  });

  it('absorbs another recorder without changing it', () => {
    fc.assert(
      fc.property(times, times, (a, b) => {
        const [into, from] = [recorded(a), recorded(b)];
        into.absorb(from);
        assert.deepEqual(into.take(), histogramOf([...a, ...b]));
        assert.deepEqual(from.take(), histogramOf(b));
      }),
    );
  });
});

describe('mergeHistograms', () => {
  it('returns the histogram of all values, in any order and grouping', () => {
    fc.assert(
      fc.property(times, times, times, (a, b, c) => {
        const [x, y, z] = [histogramOf(a), histogramOf(b), histogramOf(c)];
        const whole = histogramOf([...a, ...b, ...c]);
        assert.deepEqual(mergeHistograms(mergeHistograms(x, y), z), whole);
        assert.deepEqual(mergeHistograms(x, mergeHistograms(y, z)), whole);
        assert.deepEqual(mergeHistograms(mergeHistograms(z, y), x), whole);
      }),
    );
  });

  it('counts beyond 2^32 in one bucket', () => {
    const many: Histogram = { ...histogramOf([5]), count: 4e9, buckets: Float64Array.of(5, 4e9) };
    assert.deepEqual([...mergeHistograms(many, many).buckets], [5, 8e9]);
  });
});

describe('distributionOf', () => {
  it('is all zeros when nothing was counted', () => {
    const { bucketsUs, ...figures } = distributionOf(EMPTY_HISTOGRAM);
    assert.deepEqual(new Set(Object.values(figures)), new Set([0]));
    assert.equal(bucketsUs.length, 0);
  });

  it('has the exact mean, and percentiles and deviation to three digits', () => {
    const { mean, stddev, min, p50, p99, max } = distributionOf(histogramOf([1000, 2000, 3000, 4000, 5000]));
    assert.deepEqual([mean, min, p99, max], [3, 1, 5, 5]);
    assert.ok(Math.abs(p50 - 3) < 0.003, `${p50}`);
    assert.ok(Math.abs(stddev - Math.SQRT2) < 0.002, `${stddev}`);
  });
});

describe('histogramToJson', () => {
  it('survives JSON', () => {
    fc.assert(
      fc.property(times, (values) => {
        const histogram = histogramOf(values);
        const json = JSON.stringify(histogramToJson(histogram));
        assert.deepEqual(histogramFromJson(JSON.parse(json)), histogram);
      }),
      { numRuns: 50 },
    );
  });

  it('survives structuredClone as it is', () => {
    const histogram = histogramOf([1, 5000, 7]);
    assert.deepEqual(structuredClone(histogram), histogram);
  });

  it('keeps counts beyond 2^32', () => {
    const histogram: Histogram = { ...histogramOf([5]), count: 6e9, buckets: Float64Array.of(5, 6e9) };
    assert.deepEqual([...histogramFromJson(histogramToJson(histogram)).buckets], [5, 6e9]);
  });

  it('reads and writes the format of other HdrHistograms', () => {
    // One value of 42, from the specs of the library.
    const hdr = 'HISTFAAAAB542pNpmSzMwMDAxAABzFCaEUoz2X+AMIKZAEARAtM=';
    const read = histogramFromJson({ sumUs: 42, minUs: 42, maxUs: 42, hdr });
    assert.deepEqual(read, histogramOf([42]));
  });

  it('is read by the library as it was recorded, and what that writes is read here', () => {
    fc.assert(
      fc.property(times, (values) => {
        const ours = histogramOf(values);
        const { hdr } = histogramToJson(ours) ?? {
          hdr: encodeIntoCompressedBase64(new Float64Histogram(1, HOUR_US, 3)),
        };
        const theirs = decodeFromCompressedBase64(hdr, 64) as Float64Histogram;
        const { sumUs, minUs, maxUs, clamped } = ours;
        assert.equal(theirs.totalCount, ours.count);
        for (let i = 0; i < ours.buckets.length; i += 2)
          assert.equal(theirs.getCountAtIndex(theirs.countsArrayIndex(ours.buckets[i] as number)), ours.buckets[i + 1]);
        const back = histogramFromJson({ sumUs, minUs, maxUs, clamped, hdr: encodeIntoCompressedBase64(theirs) });
        assert.deepEqual(back, ours);
      }),
      { numRuns: 50 },
    );
  });

  it('refuses a histogram of another precision', () => {
    const hdr = encodeIntoCompressedBase64(new Float64Histogram(1, 5000, 2));
    assert.throws(
      () => histogramFromJson({ sumUs: 0, minUs: 0, maxUs: 0, hdr }),
      /found 2 significant digits and a lowest value of 1, expected 3/,
    );
  });

  it('refuses other texts', () => {
    for (const hdr of ['', 'abc', Buffer.alloc(60).toString('base64'), 'HISTFAAAAB542pNp'])
      assert.throws(() => histogramFromJson({ sumUs: 0, minUs: 0, maxUs: 0, hdr }), { code: 'ELPIS_CONFIG' });
  });
});
