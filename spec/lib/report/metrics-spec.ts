import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Metric } from '../../../lib/core/metric.js';
import { EMPTY_METRICS } from '../../../lib/measure/metrics.js';
import { MetricsRecorder } from '../../../lib/measure/metricsRecorder.js';
import { summaryOf } from '../../../lib/measure/summary.js';
import { emptyWindow } from '../../../lib/measure/window.js';
import { metricLines, metricsJson } from '../../../lib/report/metrics.js';
import { summaryJson } from '../../../lib/report/summaryJson.js';
import { summaryMarkdown } from '../../../lib/report/summaryMarkdown.js';
import { summaryText } from '../../../lib/report/summaryText.js';

const metrics = (() => {
  const recorder = new MetricsRecorder();
  const add = (count: number, metric: Metric): void => {
    for (let i = 0; i < count; i++) recorder.record([metric], i);
  };
  add(1964, { kind: 'check', name: 'is let in', passed: true });
  add(36, { kind: 'check', name: 'is let in', passed: false });
  add(99_999, { kind: 'check', name: 'shows goods', passed: true });
  add(1, { kind: 'check', name: 'shows goods', passed: false });
  add(1, { kind: 'rate', name: 'cached', passed: true });
  add(1, { kind: 'counter', name: 'orders', value: 12_345 });
  add(1, { kind: 'gauge', name: 'queue', value: -1500 });
  add(1, { kind: 'gauge', name: 'queue', value: 0.123_456 });
  add(3, { kind: 'trend', name: 'database ms', value: 12.34 });
  add(2, { kind: 'counter', name: 'orders', value: Number.NaN });
  return recorder.take();
})();

describe('metricLines', () => {
  it('shows pass rates, the lowest first, and never rounds one up to all; then metrics by kind and name', () => {
    assert.deepEqual(metricLines(metrics, 100), [
      'check    "is let in"     98.20 %  (1,964 of 2,000)',
      'check    "shows goods"  >99.99 %  (99,999 of 100,000)',
      'rate     "cached"       100.00 %  (1 of 1)',
      'counter  "orders"         12,345  (1 value)',
      'gauge    "queue"          0.1235  (-1,500 to 0.1235)',
      'trend    "database ms"            p50 12.34, p95 12.34, p99 12.34, max 12.34, mean 12.34 (3)',
      '2 metrics are not counted: a value was no finite number, or below 0 for a counter',
    ]);
  });

  it('shows how many values had names beyond the limit', () => {
    assert.deepEqual(metricLines({ ...EMPTY_METRICS, beyondLimit: 1234 }, 80), [
      '1,234 values of metrics had names beyond the first 100 and are not shown',
    ]);
  });

  it('has no lines for no metrics', () => assert.deepEqual(metricLines(EMPTY_METRICS, 80), []));

  it('cuts long names and omits figures of trends, and never cuts a value', () => {
    const recorder = new MetricsRecorder();
    recorder.record([{ kind: 'counter', name: 'n'.repeat(100), value: 123_456 }], 0);
    recorder.record([{ kind: 'check', name: 'is let in', passed: true }], 0);
    recorder.record([{ kind: 'trend', name: 'time of the database', value: 123.456 }], 0);
    assert.deepEqual(metricLines(recorder.take(), 60), [
      'check    "is let in"           100.00 %  (1 of 1)',
      'counter  "nnnnnnnnnnnnnnnnnn…   123,456  (1 value)',
      'trend    "time of the databa…            p50 123.5, p99 123.5, max 123.5 (1)',
    ]);
    const [check, counter] = metricLines(metrics, 60);
    assert.equal(check, 'check    "is let in"     98.20 %  (1,964 of 2,000)');
    assert.equal(counter, 'check    "shows goods"  >99.99 %  (99,999 of 100,000)');
  });
});

describe('a summary with metrics', () => {
  const snapshot = summaryOf({ ...emptyWindow(0), metrics }, { pool: 'p' });

  it('shows them in the text', () =>
    assert.match(summaryText([snapshot]), /^ {2}check +"is let in" +98\.20 % +\(1,964 of 2,000\)$/m));

  it('shows them in Markdown, in a block', () =>
    assert.match(
      summaryMarkdown([snapshot]),
      /\n```text\ncheck +"is let in" +98\.20 % +\(1,964 of 2,000\)\n[\s\S]*\n```\n$/,
    ));

  it('has them in JSON: counts, shares and figures', () => {
    const json = summaryJson([snapshot]).pools[0]?.metrics;
    assert.deepEqual(json?.checks?.[0], { name: 'is let in', passed: 1964, count: 2000, share: 0.982 });
    assert.deepEqual(json?.rates, [{ name: 'cached', passed: 1, count: 1, share: 1 }]);
    assert.deepEqual(json?.counters, [{ name: 'orders', sum: 12_345, count: 1 }]);
    assert.deepEqual(json?.gauges, [{ name: 'queue', last: 0.123_456, min: -1500, max: 0.123_456, count: 2 }]);
    assert.deepEqual(Object.keys(json?.trends?.[0] ?? {}), [
      'name',
      'count',
      'mean',
      'min',
      'p50',
      'p90',
      'p95',
      'p99',
      'max',
    ]);
    assert.equal(json?.refused, 2);
    assert.equal(json?.beyondLimit, undefined);
  });

  it('has no key in JSON when there are none', () => {
    assert.equal(metricsJson(EMPTY_METRICS), undefined);
    assert.equal('metrics' in (summaryJson([summaryOf(emptyWindow(0), { pool: 'p' })]).pools[0] ?? {}), false);
  });
});
