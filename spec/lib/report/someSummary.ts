import type { Distribution } from '../../../lib/measure/histogram.js';
import type { SummarySnapshot, TagSummary } from '../../../lib/measure/summary.js';
import { emptyWindow } from '../../../lib/measure/window.js';
import { EMPTY_COUNTS } from '../../../lib/measure/windowCounts.js';

/** A distribution whose figures are `scale` times 1, 2, 3 ... */
export const times = (scale: number, count = 1000): Distribution => ({
  count,
  min: scale,
  p50: 2 * scale,
  p75: 3 * scale,
  p90: 4 * scale,
  p95: 5 * scale,
  p99: 6 * scale,
  p999: 7 * scale,
  max: 8 * scale,
  mean: 2.5 * scale,
  stddev: 1.5 * scale,
  clamped: 0,
  bucketsUs: [1000 * scale, count],
});
export const none: Distribution = { ...times(0, 0), bucketsUs: [] };

export const T0 = 1_700_000_000_000;
export const { response: _response, service: _service, ...zero } = EMPTY_COUNTS;
export const tag = (name: string, fields: Partial<TagSummary> = {}): TagSummary => ({
  ...zero,
  tag: name,
  count: 1000,
  ended: 1000,
  failed: 0,
  bad: 0,
  discarded: 0,
  unfinished: 0,
  oldestUnfinishedMs: 0,
  bytesOut: 100_000,
  bytesIn: 5_000_000,
  firstStartedAt: T0,
  lastStartedAt: T0 + 59_900,
  lastEndedAt: T0 + 60_000,
  started: 1000,
  startedPerSecond: 16.678,
  endedPerSecond: 16.667,
  responseTimeMs: times(10),
  serviceTimeMs: times(1.234),
  statuses: [{ status: 200, count: 1000, bad: 0 }],
  failures: [],
  ...fields,
});

export const pool = (fields: Partial<SummarySnapshot> = {}): SummarySnapshot => {
  const total = fields.total ?? tag('');
  const latenessMs = fields.latenessMs ?? times(0.1);
  return {
    kind: 'summary',
    pool: 'main',
    planned: { count: 1000, durationMs: 60_000 },
    total,
    tags: [total],
    beyondTagLimit: 0,
    slotWaitMs: times(0),
    latenessMs,
    loop: { delayMs: none, utilization: null },
    window: emptyWindow(T0),
    ...fields,
  };
};
