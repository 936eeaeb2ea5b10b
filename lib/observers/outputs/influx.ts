import { filter, map, type Observable } from 'rxjs';
import { mapOf } from '../../codec/collections.js';
import { headers, url } from '../../codec/net.js';
import { text } from '../../codec/scalars.js';
import { optional, required, type StructOf, struct } from '../../codec/struct.js';
import type { Deps } from '../../core/deps.js';
import type { RunEvent, RunObserver } from '../../engine/runEvent.js';
import { component } from '../../plugin/component.js';
import { influxLines } from '../../record/influxLines.js';
import { type SeriesRow, seriesRows } from '../../record/seriesRows.js';
import { deliver } from './deliver.js';
import { headerMap, post, shownUrl } from './post.js';

/** The rows of every window. */
export function windowRows(events: Observable<RunEvent>): Observable<readonly SeriesRow[]> {
  return events.pipe(
    filter((event) => event.type === 'window'),
    map(seriesRows),
  );
}

/** Windows that wait for a receiver: ten minutes of one pool. */
const MAX_WAITING = 600;
const MAX_BATCH = 60;

const keys = {
  /** The address that lines are written to: http://localhost:8086/write?db=load, or /api/v2/write?org=me&bucket=load. */
  url: required(
    url,
    'the address that lines are written to: http://localhost:8086/write?db=load, or /api/v2/write?org=me&bucket=load',
  ),
  /** Headers of each request, such as "[Authorization: Token ${TOKEN}]". */
  headers: optional(headers, [], 'headers of each request, such as "[Authorization: Token ${TOKEN}]"'),
  /** Tags of every line, such as run and host. */
  tags: optional(mapOf(text), {}, 'tags of every line, such as run and host'),
};

function writing({ url: to, headers: lines, tags }: StructOf<typeof keys>, { log, scheduler }: Deps): RunObserver {
  const sent = { 'Content-Type': 'text/plain; charset=utf-8', ...headerMap(lines) };
  return (events, handle) =>
    windowRows(events).pipe(
      deliver({
        ...{ limit: MAX_WAITING, batch: MAX_BATCH, unit: 'windows', name: `influx at ${shownUrl(to)}` },
        ...{ log, handle, scheduler },
        send: (windows, signal) =>
          post({
            ...{ url: to, headers: sent, signal },
            body: influxLines(windows.flat(), tags),
          }),
      }),
    );
}

/**
 * Writes every window to InfluxDB, or to another receiver of its line protocol such as Telegraf or VictoriaMetrics: one line for each
 * pool and tag (https://docs.influxdata.com/influxdb/v1/write_protocols/line_protocol_reference/).
 *
 * @example
 * run('./load.yaml', { observers: [influx({ url: 'http://localhost:8086/write?db=load' })] }).subscribe();
 */
export const influx = component({
  kind: 'observer',
  name: 'influx',
  summary: 'Writes every window to InfluxDB or another receiver of its line protocol.',
  example: { url: 'http://localhost:8086/write?db=load' },
  options: struct('influx', keys),
  create: writing,
  describe: ({ url: to }) => `influx at ${shownUrl(to)}`,
  traits: () => ({ sends: true }),
});
