import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { EMPTY_HISTOGRAM, mergeHistograms, valueAtPercentile } from '../../../lib/measure/histogram.js';
import { HistogramRecorder } from '../../../lib/measure/histogramRecorder.js';
import { roughHistogram, roughWindow } from '../../../lib/measure/roughWindow.js';
import { mergeWindows } from '../../../lib/measure/window.js';
import { WindowSum } from '../../../lib/measure/windowSum.js';
import { windowAt } from '../view/sampleEvents.js';

const sample = fc.record({
  ms: fc.oneof(fc.nat(100), fc.double({ min: 0, max: 8_000_000, noNaN: true })),
  fields: fc.record({
    tag: fc.constantFrom('a', 'b', '__proto__'),
    scope: fc.constantFrom('' as const, 'group' as const, 'scenario' as const),
    outcome: fc.constantFrom('shot' as const, 'discarded' as const, 'unfinished' as const),
    protoCode: fc.constantFrom(0, 200, 503),
    slotWait: fc.nat(50),
  }),
});
const windows = fc
  .array(fc.array(sample, { maxLength: 20 }), { minLength: 1, maxLength: 12 })
  .map((list) => list.map((samples, second) => windowAt(second, samples)));
const micros = fc.array(fc.integer({ min: 0, max: 3_600_000_000 }), { minLength: 1, maxLength: 200 });

const histogramOf = (values: readonly number[]) => {
  const recorder = new HistogramRecorder();
  for (const value of values) recorder.record(value);
  return recorder.take();
};

describe('WindowSum', () => {
  it('has no window at first', () => assert.equal(new WindowSum().window, undefined));

  it('property: the sum is what mergeWindows returns, also when it is read in between', () => {
    fc.assert(
      fc.property(windows, (list) => {
        const sum = new WindowSum();
        for (const [index, window] of list.entries()) {
          sum.add(window);
          const merged = list.slice(0, index + 1).reduce(mergeWindows);
          assert.deepEqual(sum.untagged, { ...merged, tags: new Map(), groups: new Map(), scenarios: new Map() });
          assert.deepEqual(sum.window, merged);
        }
      }),
    );
  });

  it('returns the same value until another window is added', () => {
    const sum = new WindowSum();
    sum.add(windowAt(0, [{ ms: 1 }]));
    const first = sum.window;
    assert.equal(sum.window, first);
    sum.add(windowAt(1, [{ ms: 1 }]));
    assert.notEqual(sum.window, first);
    assert.equal(first?.total.ended, 1);
  });

  it('adds rough windows up, too', () => {
    const rough = [windowAt(0, [{ ms: 10.001 }]), windowAt(1, [{ ms: 10.002 }, { ms: 70.3 }])].map(roughWindow);
    const sum = new WindowSum();
    for (const window of rough) sum.add(window);
    assert.deepEqual(sum.window, rough.reduce(mergeWindows));
  });
});

describe('roughHistogram', () => {
  it('property: percentiles are at most 1.6 % above those of the histogram, and never below', () => {
    fc.assert(
      fc.property(micros, fc.double({ min: 0, max: 100, noNaN: true }), (values, p) => {
        const exact = valueAtPercentile(histogramOf(values), p);
        const rough = valueAtPercentile(roughHistogram(histogramOf(values)), p);
        assert.ok(exact <= rough && rough <= exact * (1 + 1 / 64) + 1e-9, `${exact} ${rough}`);
      }),
    );
  });

  it('property: rough histograms add up: the order of merging and making rough does not matter', () => {
    fc.assert(
      fc.property(micros, micros, (a, b) => {
        const merged = roughHistogram(mergeHistograms(histogramOf(a), histogramOf(b)));
        assert.deepEqual(mergeHistograms(roughHistogram(histogramOf(a)), roughHistogram(histogramOf(b))), merged);
        assert.deepEqual(roughHistogram(merged), merged);
      }),
    );
  });

  it('has at most 64 buckets for each power of two', () => {
    const { buckets } = roughHistogram(histogramOf(Array.from({ length: 100_000 }, (_, us) => us)));
    // 64 values below 64 µs, and 64 for each of the powers 64, 128, ..., 65,536, of which the last one is half full.
    assert.ok(buckets.length / 2 <= 64 * 12, `${buckets.length / 2}`);
    assert.deepEqual(roughHistogram(EMPTY_HISTOGRAM), EMPTY_HISTOGRAM);
  });
});
