import type { EpochMs, Millis } from '../core/units.js';
import { type Histogram, valueAtPercentile } from '../measure/histogram.js';
import type { Window } from '../measure/window.js';
import type { WindowCounts } from '../measure/windowCounts.js';

/** What a row counts: all operations of a pool, or those of a tag; a group or a scenario spans requests of other tags. */
export type RowScope = 'all' | 'request' | 'group' | 'scenario';

/** The counts of a window for a pool or for one of its tags, as a flat row of a time series. Times are milliseconds. */
export interface SeriesRow {
  /** The end of the window. */
  readonly at: EpochMs;
  readonly lengthMs: Millis;
  readonly pool: string;
  readonly scope: RowScope;
  /** Empty for `all`, and for operations without a tag. */
  readonly tag: string;
  /** Operations that were due; `null` when unknown, and for a tag. */
  readonly planned: number | null;
  readonly started: number | null;
  readonly ended: number;
  readonly ok: number;
  readonly bad: number;
  readonly failed: number;
  readonly discarded: number;
  readonly unfinished: number;
  readonly bytesOut: number;
  readonly bytesIn: number;
  /** Response time; `null` when nothing ended. */
  readonly p50: Millis | null;
  readonly p90: Millis | null;
  readonly p95: Millis | null;
  readonly p99: Millis | null;
  readonly p999: Millis | null;
  readonly max: Millis | null;
  readonly mean: Millis | null;
  /** Service time. */
  readonly serviceP50: Millis | null;
  readonly serviceP99: Millis | null;
  /** Delay by the generator; `null` for a tag. */
  readonly latenessP99: Millis | null;
}

/** The columns of a row, in order. */
export const SERIES_COLUMNS: readonly (keyof SeriesRow)[] = [
  ...(['at', 'lengthMs', 'pool', 'scope', 'tag', 'planned', 'started', 'ended', 'ok', 'bad', 'failed'] as const),
  ...(['discarded', 'unfinished', 'bytesOut', 'bytesIn', 'p50', 'p90', 'p95', 'p99', 'p999', 'max', 'mean'] as const),
  ...(['serviceP50', 'serviceP99', 'latenessP99'] as const),
];

const at = (histogram: Histogram, p: number): Millis | null =>
  histogram.count === 0 ? null : valueAtPercentile(histogram, p);

function countsRow({ response, service, ...counts }: WindowCounts) {
  return {
    ...{ ended: counts.ended, ok: counts.ok, bad: counts.bad, failed: counts.failed },
    ...{ discarded: counts.discarded, unfinished: counts.unfinished },
    ...{ bytesOut: counts.bytesOut, bytesIn: counts.bytesIn },
    ...{ p50: at(response, 50), p90: at(response, 90), p95: at(response, 95), p99: at(response, 99) },
    ...{ p999: at(response, 99.9), max: at(response, 100) },
    mean: response.count === 0 ? null : response.sumUs / response.count / 1000,
    ...{ serviceP50: at(service, 50), serviceP99: at(service, 99) },
  };
}

/** The rows of a window: one for the pool, then one for each tag, group and scenario. */
export function seriesRows(pool: string, window: Window): readonly SeriesRow[] {
  const base = { at: window.to, lengthMs: window.to - window.from, pool };
  const tagged = (scope: RowScope, counts: ReadonlyMap<string, WindowCounts>): SeriesRow[] =>
    [...counts].map(([tag, of]) => ({
      ...{ ...base, scope, tag, planned: null, started: null },
      ...countsRow(of),
      latenessP99: null,
    }));
  return [
    {
      ...{ ...base, scope: 'all', tag: '', planned: window.planned, started: window.started },
      ...countsRow(window.total),
      latenessP99: at(window.lateness, 99),
    },
    ...tagged('request', window.tags),
    ...tagged('group', window.groups),
    ...tagged('scenario', window.scenarios),
  ];
}
