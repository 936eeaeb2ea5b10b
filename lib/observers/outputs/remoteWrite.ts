import { createRequire } from 'node:module';
import { atLeastMs } from '../../codec/duration.js';
import { headers, url } from '../../codec/net.js';
import { optional, required, type StructOf, struct } from '../../codec/struct.js';
import type { Deps } from '../../core/deps.js';
import type { RunObserver } from '../../engine/runEvent.js';
import { component } from '../../plugin/component.js';
import { deliver } from './deliver.js';
import { everyInterval, type MetricsAt } from './everyInterval.js';
import { headerMap, post, shownUrl } from './post.js';
import { promSamples } from './promSeries.js';

const load = createRequire(import.meta.url);

/**
 * A WriteRequest of the remote write protocol 1.0, packed by snappy: for each value a TimeSeries of Labels, sorted by name, and one
 * Sample (https://prometheus.io/docs/specs/prw/remote_write_spec/).
 */
export function writeRequest({ at, metrics }: MetricsAt): Uint8Array {
  const { Writer } = load('protobufjs/minimal') as typeof import('protobufjs/minimal.js');
  const { compress } = load('snappyjs') as { compress(bytes: Uint8Array): Uint8Array };
  const request = Writer.create();
  for (const { name, labels, value } of metrics.flatMap(promSamples)) {
    const series = request.uint32(10).fork();
    const all = Object.entries({ ...labels, __name__: name }).sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [label, text] of all) {
      // An empty label is a missing one.
      if (text !== '') series.uint32(10).fork().uint32(10).string(label).uint32(18).string(text).ldelim();
    }
    series.uint32(18).fork().uint32(9).double(value).uint32(16).int64(at).ldelim();
    series.ldelim();
  }
  return compress(request.finish());
}

/** The newest metrics contain all that older ones have, so only they wait. */
const NEWEST = { limit: 1, batch: 1, unit: 'metrics' };

const keys = {
  /** The address of the receiver, such as http://localhost:9090/api/v1/write. */
  url: required(url, 'the address of the receiver, such as http://localhost:9090/api/v1/write'),
  /** Headers of each request, such as "[Authorization: Bearer ${TOKEN}]". */
  headers: optional(headers, [], 'headers of each request, such as "[Authorization: Bearer ${TOKEN}]"'),
  /** The time between two requests. */
  every: optional(atLeastMs(1000), 5000, 'the time between two requests'),
};

function writing(options: StructOf<typeof keys>, { log, scheduler }: Deps): RunObserver {
  const sent = {
    'Content-Type': 'application/x-protobuf',
    'Content-Encoding': 'snappy',
    'X-Prometheus-Remote-Write-Version': '0.1.0',
    ...headerMap(options.headers),
  };
  return (events, handle) =>
    events.pipe(
      everyInterval(options.every),
      deliver({
        ...{ ...NEWEST, name: `prometheus-remote-write to ${shownUrl(options.url)}`, log, handle, scheduler },
        send: ([newest], signal) =>
          post({ url: options.url, headers: sent, body: writeRequest(newest as MetricsAt), signal }),
      }),
    );
}

/**
 * Sends the metrics of the run to Prometheus, or to another receiver of its remote write protocol, also at the end of the run. The
 * names are those of `prometheus`.
 *
 * @example
 * run('./load.yaml', {
 *   observers: [prometheusRemoteWrite({ url: 'http://localhost:9090/api/v1/write' })],
 * }).subscribe();
 */
export const prometheusRemoteWrite = component({
  kind: 'observer',
  name: 'prometheus-remote-write',
  summary: 'Sends the metrics of the run to Prometheus or a store with its remote write protocol.',
  example: { url: 'http://localhost:9090/api/v1/write' },
  options: struct('prometheus-remote-write', keys),
  create: writing,
  describe: ({ url: to }) => `prometheus-remote-write to ${shownUrl(to)}`,
  traits: () => ({ sends: true }),
});
