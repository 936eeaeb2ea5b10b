import { createRequire } from 'node:module';
import { endpoint } from '../../codec/net.js';
import { oneOf, text } from '../../codec/scalars.js';
import { optional, type StructOf, struct } from '../../codec/struct.js';
import type { Deps } from '../../core/deps.js';
import type { RunObserver } from '../../engine/runEvent.js';
import { component } from '../../plugin/component.js';
import type { SeriesRow } from '../../record/seriesRows.js';
import { deliver } from './deliver.js';
import { windowRows } from './influx.js';

const load = createRequire(import.meta.url);

/** A datagram of this size passes every usual network in one piece. */
const MAX_DATAGRAM = 1400;
const MAX_WAITING = 60;

type Name = keyof SeriesRow['numbers'];
const COUNTERS: readonly Name[] = ['ended', 'ok', 'bad', 'failed', 'discarded', 'unfinished', 'bytes_out', 'bytes_in'];
const GAUGES: readonly Name[] = [
  ...(['response_mean_ms', 'response_p50_ms', 'response_p90_ms', 'response_p95_ms', 'response_p99_ms'] as const),
  ...(['response_max_ms', 'service_p50_ms', 'service_p99_ms', 'lateness_p99_ms'] as const),
];

/** The largest part of a tag or a pool in a line: no datagram holds a name of any length, and receivers cut long ones. */
const MAX_NAME = 200;
/** In a name, everything else means something to a receiver of StatsD. */
const safe = (name: string): string => name.slice(0, MAX_NAME).replace(/[^\w-]/g, '_');

/** The lines of a row. Counts are counters of this window, times are gauges in milliseconds. */
export function statsdLines(row: SeriesRow, prefix: string, tags: 'none' | 'dogstatsd'): readonly string[] {
  const { pool, scope, tag } = row;
  const tagged = tags === 'dogstatsd';
  const path = tagged
    ? prefix
    : [prefix, safe(pool), ...(scope === 'total' ? [] : [scope, safe(tag) || 'untagged'])].join('.');
  const clean = (value: string): string => value.slice(0, MAX_NAME).replace(/[|,#\n\r]/g, '_');
  const suffix = tagged ? `|#pool:${clean(pool)},scope:${scope}${tag === '' ? '' : `,tag:${clean(tag)}`}` : '';
  const lines = (names: readonly Name[], type: 'c' | 'g'): string[] =>
    names.flatMap((name) => {
      const value = row.numbers[name];
      return value === null || (type === 'c' && value === 0) ? [] : [`${path}.${name}:${value}|${type}${suffix}`];
    });
  return [...lines(COUNTERS, 'c'), ...lines(GAUGES, 'g')];
}

/** Lines in datagrams of a limited size. A longer line has its own. */
export function datagrams(lines: readonly string[]): readonly string[] {
  const packed: string[] = [];
  for (const line of lines) {
    const last = packed.at(-1);
    if (last !== undefined && Buffer.byteLength(last) + Buffer.byteLength(line) < MAX_DATAGRAM)
      packed[packed.length - 1] = `${last}\n${line}`;
    else packed.push(line);
  }
  return packed;
}

const keys = {
  /** Address of the receiver, over UDP. */
  target: optional(endpoint, { host: 'localhost', port: 8125 }, 'address of the receiver, over UDP'),
  /** The begin of every name. */
  prefix: optional(text, 'elpis', 'the begin of every name'),
  /** Where pool and tag are: in the name, or as tags of DogStatsD. */
  tags: optional(oneOf(['none', 'dogstatsd']), 'none', 'where pool and tag are: in the name, or as tags of DogStatsD'),
};

function sending({ target, prefix, tags }: StructOf<typeof keys>, { log, scheduler }: Deps): RunObserver {
  const { createSocket } = load('node:dgram') as typeof import('node:dgram');
  const send = async (windows: readonly (readonly SeriesRow[])[]): Promise<void> => {
    const socket = createSocket(target.host.includes(':') ? 'udp6' : 'udp4');
    try {
      for (const datagram of datagrams(windows.flat().flatMap((row) => statsdLines(row, prefix, tags))))
        await new Promise<void>((resolve, reject) => {
          socket.send(datagram, target.port, target.host, (error) => (error ? reject(error) : resolve()));
        });
    } finally {
      socket.close();
    }
  };
  return (events, handle) =>
    windowRows(events).pipe(
      deliver({
        ...{ limit: MAX_WAITING, batch: 1, unit: 'windows', name: `statsd at ${target.host}:${target.port}` },
        ...{ log, handle, scheduler, send },
      }),
    );
}

/**
 * Sends every window to StatsD over UDP: counters of the operations of the window, and gauges of its times in milliseconds. Datagrams
 * without a receiver are lost without an error.
 *
 * @example
 * run('./load.yaml', { observers: [statsd({ target: 'localhost:8125', tags: 'dogstatsd' })] }).subscribe();
 */
export const statsd = component({
  kind: 'observer',
  name: 'statsd',
  summary: 'Sends every window to StatsD over UDP.',
  example: { target: 'localhost:8125' },
  options: struct('statsd', keys),
  create: sending,
  describe: ({ target }) => `statsd at ${target.host}:${target.port}`,
  traits: () => ({ sends: true }),
});
