import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Metric } from '../../../lib/core/metric.js';
import {
  EMPTY_METRICS,
  METRIC_LIMIT,
  mergeMetrics,
  type TrendCount,
  trendPercentile,
  type WindowMetrics,
} from '../../../lib/measure/metrics.js';
import { metricsFromJson, metricsToJson } from '../../../lib/measure/metricsJson.js';
import { MetricsRecorder } from '../../../lib/measure/metricsRecorder.js';
import { mergeWindows } from '../../../lib/measure/window.js';
import { windowFromJson, windowToJson } from '../../../lib/measure/windowJson.js';
import { WindowRecorder } from '../../../lib/measure/windowRecorder.js';
import { timed } from '../../operators/timed.js';

type Measured = readonly [metric: Metric, at: number];

function recorded(measured: readonly Measured[]): WindowMetrics {
  const recorder = new MetricsRecorder();
  for (const [metric, at] of measured) recorder.record([metric], at);
  return recorder.take();
}

const name = fc.constantFrom('a', 'b', '__proto__');
const value = fc.integer({ min: -1_000_000, max: 1_000_000 }).map((n) => n / 64);
const metric: fc.Arbitrary<Metric> = fc.oneof(
  fc.record({ kind: fc.constant('check' as const), name, passed: fc.boolean() }),
  fc.record({ kind: fc.constant('rate' as const), name, passed: fc.boolean() }),
  fc.record({ kind: fc.constant('counter' as const), name, value: fc.nat(1000) }),
  fc.record({ kind: fc.constant('gauge' as const), name, value }),
  fc.record({ kind: fc.constant('trend' as const), name, value }),
);
const measured = fc.array(fc.tuple(metric, fc.nat(20)), { maxLength: 50 });

const trendOf = (...values: readonly number[]): TrendCount =>
  recorded(values.map((each) => [{ kind: 'trend', name: 't', value: each }, 0])).trends.get('t') as TrendCount;

describe('MetricsRecorder', () => {
  it('counts checks and rates, adds up counters, keeps the last value of gauges, distributes trends', () => {
    const metrics = recorded([
      [{ kind: 'check', name: 'x', passed: true }, 1],
      [{ kind: 'check', name: 'x', passed: false }, 1],
      [{ kind: 'rate', name: 'x', passed: false }, 1],
      [{ kind: 'counter', name: 'x', value: 2.5 }, 1],
      [{ kind: 'counter', name: 'x', value: 0 }, 1],
      [{ kind: 'gauge', name: 'x', value: 7 }, 30],
      [{ kind: 'gauge', name: 'x', value: -9 }, 20],
      [{ kind: 'trend', name: 'x', value: 12_345 }, 1],
      [{ kind: 'trend', name: 'x', value: -0.5 }, 1],
    ]);
    assert.deepEqual(metrics, {
      checks: new Map([['x', { passed: 1, count: 2 }]]),
      rates: new Map([['x', { passed: 0, count: 1 }]]),
      counters: new Map([['x', { sum: 2.5, count: 2 }]]),
      gauges: new Map([['x', { last: 7, at: 30, min: -9, max: 7, count: 2 }]]),
      trends: new Map([
        ['x', { count: 2, sum: 12_344.5, min: -0.5, max: 12_345, values: Float64Array.of(-0.5, 1, 12_300, 1) }],
      ]),
      beyondLimit: 0,
      refused: 0,
    });
  });

  it('keeps the greater of two values of a gauge at one moment, in either order', () => {
    const low: Measured = [{ kind: 'gauge', name: 'g', value: 1 }, 5];
    const high: Measured = [{ kind: 'gauge', name: 'g', value: 2 }, 5];
    for (const order of [
      [low, high],
      [high, low],
    ])
      assert.equal(recorded(order).gauges.get('g')?.last, 2);
  });

  const wrong: readonly unknown[] = [
    { kind: 'counter', name: 'x', value: -1 },
    { kind: 'counter', name: 'x', value: Number.NaN },
    { kind: 'gauge', name: 'x', value: Number.POSITIVE_INFINITY },
    { kind: 'trend', name: 'x', value: '5' },
    { kind: 'rate', name: 'x', passed: 1 },
    { kind: 'sum', name: 'x', value: 1 },
    { kind: 'toString', name: 'x', value: 1 },
    { kind: 'counter', name: 5, value: 1 },
    null,
    undefined,
    'orders',
  ];
  for (const each of wrong)
    it(`counts ${JSON.stringify(each)} as refused`, () => {
      const metrics = recorded([[each as Metric, 0]]);
      assert.deepEqual(metrics, { ...EMPTY_METRICS, refused: 1 });
    });

  it(`counts the first ${METRIC_LIMIT} names of all kinds, in this window and later ones, and the others together`, () => {
    const recorder = new MetricsRecorder();
    for (let i = 0; i <= METRIC_LIMIT; i++)
      recorder.record(
        [{ kind: i % 2 === 0 ? 'counter' : 'check', name: `n${i}`, value: 1, passed: true } as Metric],
        0,
      );
    const first = recorder.take();
    assert.deepEqual([first.counters.size + first.checks.size, first.beyondLimit], [METRIC_LIMIT, 1]);
    recorder.record([{ kind: 'counter', name: 'late', value: 1 }], 0);
    recorder.record([{ kind: 'counter', name: 'n0', value: 1 }], 0);
    const second = recorder.take();
    assert.deepEqual([[...second.counters.keys()], second.beyondLimit], [['n0'], 1]);
  });

  it('cuts names at 100 characters', () => {
    const metrics = recorded([[{ kind: 'counter', name: 'x'.repeat(1e6), value: 1 }, 0]]);
    assert.deepEqual([...metrics.counters.keys()], ['x'.repeat(100)]);
  });

  it('bounds the number of different values of a trend, for any values', () => {
    const recorder = new MetricsRecorder();
    for (let power = -320; power <= 308; power++)
      for (let digits = 1000; digits < 10_000; digits += 300)
        recorder.record([{ kind: 'trend', name: 't', value: Number(`${digits}e${power - 3}`) }], 0);
    const { values, max } = recorder.take().trends.get('t') as TrendCount;
    assert.ok(values.length / 2 <= 18 * 30 + 2, `${values.length / 2} values`);
    assert.ok(max > 1e300);
  });
});

describe('trendPercentile', () => {
  it('is exact at both ends, and right to 3 digits between them', () => {
    const trend = trendOf(...Array.from({ length: 1000 }, (_, i) => i + 0.1234));
    assert.deepEqual(
      [0, 50, 99, 99.9, 100].map((p) => trendPercentile(trend, p)),
      [0.1234, 499, 989, 998, 999.1234],
    );
  });

  it('is never below the minimum or above the maximum', () => {
    const trend = trendOf(1234.9, 1234.9);
    assert.deepEqual(
      [0, 50, 100].map((p) => trendPercentile(trend, p)),
      [1234.9, 1234.9, 1234.9],
    );
  });
});

describe('mergeMetrics', () => {
  it('returns the metrics of one recorder of all samples, for any distribution and order of the samples', () => {
    fc.assert(
      fc.property(measured, measured, measured, (a, b, c) => {
        const [x, y, z] = [recorded(a), recorded(b), recorded(c)];
        const whole = recorded([...a, ...b, ...c]);
        const sorted = (metrics: WindowMetrics): WindowMetrics => metricsFromJson(metricsToJson(metrics));
        assert.deepEqual(sorted(mergeMetrics(mergeMetrics(x, y), z)), sorted(whole));
        assert.deepEqual(sorted(mergeMetrics(z, mergeMetrics(y, x))), sorted(whole));
      }),
    );
  });

  it('survives JSON', () => {
    fc.assert(
      fc.property(measured, (a) => {
        const metrics = recorded(a);
        assert.deepEqual(
          metricsFromJson(JSON.parse(JSON.stringify(metricsToJson(metrics) ?? null)) ?? undefined),
          metrics,
        );
      }),
    );
  });
});

describe('a window', () => {
  const windowOf = (...lists: readonly (readonly Metric[])[]) => {
    const recorder = new WindowRecorder({ from: 0, tagLimit: 10 });
    for (const metrics of lists) recorder.record(timed(5, { metrics, scope: 'scenario' }));
    return recorder.close(1000);
  };
  const passed = (of: boolean): readonly Metric[] => [{ kind: 'check', name: 'is let in', passed: of }];

  it('has the metrics of samples of every scope, merges them, and survives JSON', () => {
    const both = mergeWindows(windowOf(passed(true), passed(false)), windowOf(passed(true)));
    assert.deepEqual([...both.metrics.checks], [['is let in', { passed: 2, count: 3 }]]);
    assert.deepEqual(windowFromJson(JSON.parse(JSON.stringify(windowToJson(both)))).metrics, both.metrics);
  });

  it('without metrics has the empty ones, and no key in JSON', () => {
    const window = windowOf([]);
    assert.equal(window.metrics, EMPTY_METRICS);
    assert.equal('metrics' in windowToJson(window), false);
  });
});
