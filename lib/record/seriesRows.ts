import type { EpochMs } from '../core/units.js';
import { type Histogram, valueAtPercentile } from '../measure/histogram.js';
import type { Window } from '../measure/window.js';
import type { WindowCounts } from '../measure/windowCounts.js';
import type { WindowEvent } from './rollUps.js';

/** What a row is about: all operations of a pool, those of a tag, a group or a scenario. */
export type RowScope = 'total' | 'tag' | 'group' | 'scenario';

/** The names of the numbers of a {@link SeriesRow}, in the order of its columns. Times are in milliseconds. */
export const SERIES_NUMBERS = [
  ...['planned', 'started', 'ended', 'ok', 'bad', 'failed', 'discarded', 'unfinished', 'ended_per_second'],
  ...['bytes_out', 'bytes_in'],
  ...['response_mean_ms', 'response_p50_ms', 'response_p90_ms', 'response_p95_ms', 'response_p99_ms'],
  ...['response_p999_ms', 'response_max_ms'],
  ...['service_mean_ms', 'service_p50_ms', 'service_p90_ms', 'service_p95_ms', 'service_p99_ms'],
  ...['service_p999_ms', 'service_max_ms'],
  ...['slot_wait_p99_ms', 'lateness_p99_ms', 'event_loop_delay_p99_ms'],
  ...['connections_opened', 'connections_reused', 'connections_closed'],
] as const;

/** One row of a time series: the numbers of a window for all operations of a pool, or for a tag. */
export interface SeriesRow {
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly pool: string;
  readonly scope: RowScope;
  /** Empty for `total`. */
  readonly tag: string;
  /** By name of {@link SERIES_NUMBERS}; `null` where there is none, such as a time without an operation. */
  readonly numbers: Readonly<Record<(typeof SERIES_NUMBERS)[number], number | null>>;
  /** The histogram of the response times, and that of the service times. */
  readonly response: Histogram;
  readonly service: Histogram;
}

const PERCENTILES = [
  ['p50', 50],
  ['p90', 90],
  ['p95', 95],
  ['p99', 99],
  ['p999', 99.9],
  ['max', 100],
] as const;

const at = (histogram: Histogram, p: number): number | null =>
  histogram.count === 0 ? null : valueAtPercentile(histogram, p);

function timesOf(name: 'response' | 'service', histogram: Histogram): Readonly<Record<string, number | null>> {
  const mean = histogram.count === 0 ? null : histogram.sumUs / histogram.count / 1000;
  return Object.fromEntries([
    [`${name}_mean_ms`, mean],
    ...PERCENTILES.map(([figure, p]) => [`${name}_${figure}_ms`, at(histogram, p)]),
  ]);
}

function numbersOf(counts: WindowCounts, { from, to }: Window, whole: Readonly<Record<string, number | null>>) {
  const { ended, ok, bad, failed, discarded, unfinished, bytesOut, bytesIn, response, service } = counts;
  const known: Readonly<Record<string, number | null>> = {
    ...{ ended, ok, bad, failed, discarded, unfinished },
    ended_per_second: to > from ? (ended * 1000) / (to - from) : null,
    ...{ bytes_out: bytesOut, bytes_in: bytesIn },
    ...timesOf('response', response),
    ...timesOf('service', service),
    ...whole,
  };
  return Object.fromEntries(SERIES_NUMBERS.map((name) => [name, known[name] ?? null])) as SeriesRow['numbers'];
}

/** The rows of a window: its total first, then its tags, groups and scenarios. Numbers of the generator are in the total only. */
export function seriesRows({ pool, window }: Pick<WindowEvent, 'pool' | 'window'>): readonly SeriesRow[] {
  const { from, to, planned, started, slotWait, lateness, loop, connections } = window;
  const row = (scope: RowScope, tag: string, counts: WindowCounts, whole = {}): SeriesRow => ({
    ...{ from, to, pool, scope, tag },
    numbers: numbersOf(counts, window, whole),
    ...{ response: counts.response, service: counts.service },
  });
  const generator = {
    ...{ planned, started, slot_wait_p99_ms: at(slotWait, 99), lateness_p99_ms: at(lateness, 99) },
    event_loop_delay_p99_ms: at(loop.delay, 99),
    ...{ connections_opened: connections.opened, connections_reused: connections.reused },
    connections_closed: connections.closedByTarget + connections.closedByGenerator + connections.broken,
  };
  return [
    row('total', '', window.total, generator),
    ...[...window.tags].map(([tag, counts]) => row('tag', tag, counts)),
    ...[...window.groups].map(([tag, counts]) => row('group', tag, counts)),
    ...[...window.scenarios].map(([tag, counts]) => row('scenario', tag, counts)),
  ];
}
