import type { ConnectionCountsJson } from '../measure/connectionJson.js';
import type { Histogram } from '../measure/histogram.js';
import { type HistogramJson, histogramFromJson, histogramToJson } from '../measure/histogramJson.js';
import type { CounterCount, GaugeCount, RateCount } from '../measure/metrics.js';
import type { TrendCountJson, WindowMetricsJson } from '../measure/metricsJson.js';
import type { Window } from '../measure/window.js';
import type { FailureCount, StatusCount } from '../measure/windowCounts.js';
import { type WindowCountsJson, type WindowJson, windowFromJson, windowToJson } from '../measure/windowJson.js';
import { byName, flag, type JsonCodec, list, orNull, real, shape, text, through } from './shape.js';

const someHistogram: JsonCodec<HistogramJson> = shape(
  'a histogram',
  { sumUs: real, minUs: real, maxUs: real, hdr: text },
  { clamped: real },
);
const histogramJson: JsonCodec<HistogramJson | null> = orNull(someHistogram);

/** A histogram. */
export const histogramCodec: JsonCodec<Histogram> = through(histogramJson, histogramFromJson, histogramToJson);

const status: JsonCodec<StatusCount> = shape('a count of a status', { status: real, count: real, bad: real });
const failure: JsonCodec<FailureCount> = shape('a count of a failure', { netCode: real, name: text, count: real });

const counts: JsonCodec<WindowCountsJson> = shape(
  'counts',
  { response: histogramJson, service: histogramJson },
  {
    ...{ ok: real, bad: real, failed: real, discarded: real, discardedLate: real, unfinished: real, underWay: real },
    ...{ oldestUnfinishedMs: real, bytesOut: real, bytesIn: real },
    ...{ firstStartedAt: real, lastStartedAt: real, lastEndedAt: real },
    ...{ statuses: list(status), otherStatuses: real, failures: list(failure), otherFailures: real },
  },
);

const rate: JsonCodec<RateCount> = shape('a rate', { passed: real, count: real });
const counter: JsonCodec<CounterCount> = shape('a counter', { sum: real, count: real });
const gauge: JsonCodec<GaugeCount> = shape('a gauge', { last: real, at: real, min: real, max: real, count: real });
const trend: JsonCodec<TrendCountJson> = shape('a trend', {
  ...{ count: real, sum: real, min: real, max: real },
  values: list(real),
});

const metrics: JsonCodec<WindowMetricsJson> = shape(
  'metrics',
  {},
  {
    ...{ checks: byName(rate), counters: byName(counter), gauges: byName(gauge), rates: byName(rate) },
    ...{ trends: byName(trend), beyondLimit: real, refused: real },
  },
);

const connections: JsonCodec<ConnectionCountsJson> = shape(
  'connections',
  {},
  {
    ...{ opened: real, failed: real, reused: real, closedByTarget: real, closedByGenerator: real, broken: real },
    phases: shape(
      'phases of connections',
      {},
      {
        ...{
          dns: someHistogram,
          connect: someHistogram,
          tls: someHistogram,
          wait: someHistogram,
          receive: someHistogram,
        },
      },
    ),
  },
);

const windowJson: JsonCodec<WindowJson> = shape(
  'a window of samples',
  {
    ...{ from: real, to: real, partial: flag, planned: orNull(real), started: orNull(real), withoutAmmo: real },
    ...{ total: counts, tags: byName(counts), groups: byName(counts), scenarios: byName(counts) },
    ...{ slotWait: histogramJson, lateness: histogramJson },
    loop: shape(
      'the event loop',
      { delay: histogramJson, activeMs: real, idleMs: real },
      { gcMs: real, longestGcMs: real },
    ),
    ...{ counters: byName(real), tagLimit: real, beyondTagLimit: real },
  },
  { metrics, connections },
);

/** A window. */
export const windowCodec: JsonCodec<Window> = through(windowJson, windowFromJson, windowToJson);
