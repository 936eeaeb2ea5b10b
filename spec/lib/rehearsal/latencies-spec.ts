import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isElpisError } from '../../../lib/core/errors.js';
import { HistogramRecorder } from '../../../lib/measure/histogramRecorder.js';
import {
  constantLatency,
  empiricalLatency,
  exponentialLatency,
  logNormalLatency,
} from '../../../lib/rehearsal/models/latencies.js';
import type { TargetModel } from '../../../lib/rehearsal/models/targetModel.js';
import { responsesOf, sortedTimes } from './responsesOf.js';

const N = 50_000;
const EVERY_MS = Array.from({ length: N }, (_, i) => i);

function near(actual: number, expected: number, share: number, what: string): void {
  assert.ok(
    Math.abs(actual - expected) <= expected * share,
    `${what}: ${actual}, expected ${expected} +- ${share * 100} %`,
  );
}

function measured(values: readonly number[]): ArrayLike<number> {
  const histogram = new HistogramRecorder();
  for (const ms of values) histogram.record(ms * 1000);
  return histogram.take().buckets;
}

const QUANTILES: readonly [what: string, model: TargetModel, quantiles: Readonly<Record<string, number>>][] = [
  ['a constant is always the same', constantLatency(20), { 0: 20, 0.5: 20, 0.999: 20 }],
  ['median and p99 are those of the lognormal', logNormalLatency({ medianMs: 20, p99Ms: 80 }), { 0.5: 20, 0.99: 80 }],
  ['sigma 0 has no tail', logNormalLatency({ medianMs: 20, sigma: 0 }), { 0: 20, 0.5: 20, 0.999: 20 }],
  ['one sigma is 84.13 %', logNormalLatency({ medianMs: 10, sigma: 0.5 }), { 0.5: 10, 0.8413: 10 * Math.exp(0.5) }],
  ['median of the exponential is ln 2', exponentialLatency(5), { 0.5: 5 * Math.LN2, 0.99: 5 * Math.log(100) }],
  [
    'quantiles of the draws are those of the model',
    empiricalLatency({
      quantiles: [
        [0, 5],
        [0.5, 20],
        [0.99, 80],
        [1, 200],
      ],
    }),
    { 0.25: 12.5, 0.5: 20, 0.99: 80 },
  ],
  [
    'the histogram of the draws is that of the model',
    empiricalLatency({ bucketsUs: measured([1, 2, 3, 4]) }),
    { 0.1: 1, 0.3: 2, 0.9: 4 },
  ],
];

describe('models of latency', () => {
  for (const [what, model, quantiles] of QUANTILES) {
    it(`${model.name}: ${what}`, () => {
      const times = sortedTimes(responsesOf(model, EVERY_MS));
      for (const [quantile, ms] of Object.entries(quantiles)) {
        near(times[Math.floor(Number(quantile) * N)] as number, ms, 0.02, `quantile ${quantile}`);
      }
    });

    it(`${model.name}: the same seed gives the same responses, another seed others`, () => {
      const [once, again, other] = [1, 1, 2].map((seed) => responsesOf(model, EVERY_MS.slice(0, 50), seed));
      assert.deepEqual(once, again);
      const chance = new Set(once?.map(({ afterMs }) => afterMs)).size > 1;
      assert.equal(JSON.stringify(once) !== JSON.stringify(other), chance);
    });
  }

  it('a sharp histogram keeps its shape', () => {
    const values = Array.from({ length: 10_000 }, (_, i) => 10 + (i / 10_000) ** 8 * 500);
    const times = sortedTimes(responsesOf(empiricalLatency({ bucketsUs: measured(values) }), EVERY_MS));
    near(times[Math.floor(0.9 * N)] as number, values[9000] as number, 0.02, 'p90');
    near(times[Math.floor(0.5 * N)] as number, values[5000] as number, 0.01, 'p50');
  });

  const refused: readonly [make: () => unknown, message: RegExp][] = [
    [() => constantLatency(-1), /^constant: the latency is -1, expected milliseconds of at least 0$/],
    [() => constantLatency(Number.NaN), /is NaN/],
    [() => exponentialLatency(Number.POSITIVE_INFINITY), /^exponential: the mean is Infinity/],
    [() => logNormalLatency({ medianMs: 20, p99Ms: 10 }), /median 20 ms and p99 10 ms do not define a distribution/],
    [() => logNormalLatency({ medianMs: 0, sigma: 1 }), /median 0 ms and sigma 1/],
    [() => empiricalLatency({ quantiles: [[0, 1]] }), /1 quantiles do not define a distribution/],
    [
      () =>
        empiricalLatency({
          quantiles: [
            [0, 1],
            [2, 2],
          ],
        }),
      /quantile 2 is not between 0 and 1/,
    ],
    [
      () =>
        empiricalLatency({
          quantiles: [
            [0, 5],
            [1, 2],
          ],
        }),
      /quantile 1 \(2 ms\) is not above the one before/,
    ],
    [() => empiricalLatency({ bucketsUs: [] }), /the histogram is empty/],
  ];
  for (const [make, message] of refused) {
    it(`refuses: ${message.source}`, () => {
      assert.throws(make, (error: unknown) => isElpisError(error, 'ELPIS_USAGE') && message.test(error.message));
    });
  }
});
