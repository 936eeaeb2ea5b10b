import type { Agent } from 'node:http';
import type { MetricData, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { mapOf } from '../../codec/collections.js';
import { atLeastMs } from '../../codec/duration.js';
import { headers, url } from '../../codec/net.js';
import { text } from '../../codec/scalars.js';
import { optional, type StructOf, struct } from '../../codec/struct.js';
import type { Deps } from '../../core/deps.js';
import type { RunObserver } from '../../engine/runEvent.js';
import { component } from '../../plugin/component.js';
import { lazily } from '../../plugin/lazily.js';
import { deliver, SEND_TIMEOUT_MS } from './deliver.js';
import { everyInterval, type MetricsAt } from './everyInterval.js';
import { headerMap, shownUrl } from './post.js';
import { BOUNDS_S, type Metric } from './runMetrics.js';

/** The official exporter. */
const sdk = lazily(async () => {
  const [{ OTLPMetricExporter }, { resourceFromAttributes }, metrics, { ValueType }] = await Promise.all([
    import('@opentelemetry/exporter-metrics-otlp-proto'),
    import('@opentelemetry/resources'),
    import('@opentelemetry/sdk-metrics'),
    import('@opentelemetry/api'),
  ]);
  return { OTLPMetricExporter, resourceFromAttributes, ValueType, ...metrics };
});
type Sdk = NonNullable<typeof sdk.value>;

const hrTime = (ms: number): [number, number] => [Math.floor(ms / 1000), Math.round((ms % 1000) * 1e6)];

function metricData(
  { name, help, unit, kind, points }: Metric,
  times: { startedAt: number; at: number },
  of: Sdk,
): MetricData {
  const descriptor = { name, description: help, unit, valueType: of.ValueType.DOUBLE };
  const base = { descriptor, aggregationTemporality: of.AggregationTemporality.CUMULATIVE };
  const at = { startTime: hrTime(times.startedAt), endTime: hrTime(times.at) };
  if (kind !== 'times') {
    const dataPoints = points.map(({ labels, value }) => ({
      ...at,
      attributes: { ...labels },
      value: value as number,
    }));
    return kind === 'sum'
      ? { ...base, dataPointType: of.DataPointType.SUM, isMonotonic: true, dataPoints }
      : { ...base, dataPointType: of.DataPointType.GAUGE, dataPoints };
  }
  return {
    ...{ ...base, dataPointType: of.DataPointType.HISTOGRAM },
    dataPoints: points.flatMap(({ labels, value }) =>
      typeof value === 'number'
        ? []
        : [
            {
              ...{ ...at, attributes: { ...labels } },
              value: {
                buckets: { boundaries: [...BOUNDS_S], counts: [...value.counts] },
                ...{ sum: value.sumS, count: value.count },
              },
            },
          ],
    ),
  };
}

/**
 * Closes all connections, and opens none any more. The exporter cannot be aborted: it repeats a request by itself, and its own timeout does
 * not end a response of which a byte comes now and then.
 */
function closeAgent(agent: Agent): void {
  agent.createConnection = () => {
    throw new Error('the request was aborted');
  };
  agent.destroy();
}

const keys = {
  /** The address of the receiver, for OTLP over HTTP. */
  url: optional(url, new URL('http://localhost:4318/v1/metrics'), 'the address of the receiver, for OTLP over HTTP'),
  /** Headers of each request, such as "[Authorization: Bearer ${TOKEN}]". */
  headers: optional(headers, [], 'headers of each request, such as "[Authorization: Bearer ${TOKEN}]"'),
  /** Attributes of the resource, such as service.name. */
  resource: optional(mapOf(text), {}, 'attributes of the resource, such as service.name'),
  /** The time between two requests. */
  every: optional(atLeastMs(1000), 5000, 'the time between two requests'),
};

function exporting(options: StructOf<typeof keys>, { log, scheduler }: Deps): RunObserver {
  let exporter: InstanceType<Sdk['OTLPMetricExporter']> | undefined;
  let agent: Agent | undefined;
  const send = async ({ startedAt, at, metrics }: MetricsAt, signal: AbortSignal): Promise<void> => {
    const of = await sdk.load();
    signal.throwIfAborted();
    exporter ??= new of.OTLPMetricExporter({
      url: String(options.url),
      headers: { ...headerMap(options.headers) },
      timeoutMillis: SEND_TIMEOUT_MS,
      httpAgentOptions: async (protocol) => {
        const http = await (protocol === 'https:' ? import('node:https') : import('node:http'));
        agent = new http.Agent({ keepAlive: true });
        return agent;
      },
    });
    const ready = exporter;
    signal.addEventListener('abort', () => {
      exporter = undefined;
      if (agent !== undefined) closeAgent(agent);
    });
    const resource = of.resourceFromAttributes({ 'service.name': 'elpis', ...options.resource });
    const data: ResourceMetrics = {
      resource,
      scopeMetrics: [
        { scope: { name: 'elpis' }, metrics: metrics.map((each) => metricData(each, { startedAt, at }, of)) },
      ],
    };
    await new Promise<void>((resolve, reject) => {
      ready.export(data, ({ code, error }) =>
        code === 0 ? resolve() : reject(error ?? new Error('it was not accepted')),
      );
    });
  };
  return (events, handle) =>
    events.pipe(
      everyInterval(options.every),
      // The newest metrics contain all that older ones have, so only they wait.
      deliver({
        ...{ limit: 1, batch: 1, unit: 'metrics', name: `otlp to ${shownUrl(options.url)}`, log, handle, scheduler },
        send: ([newest], signal) => send(newest as MetricsAt, signal),
      }),
    );
}

/**
 * Sends the metrics of the run to a receiver of OpenTelemetry, such as a collector, by OTLP over HTTP with the official exporter
 * (https://opentelemetry.io/docs/specs/otlp/), also at the end of the run. The names are those of `prometheus`, without `_total`.
 *
 * @example
 * run('./load.yaml', { observers: [otlp({ url: 'http://localhost:4318/v1/metrics' })] }).subscribe();
 */
export const otlp = component({
  kind: 'observer',
  name: 'otlp',
  summary: 'Sends the metrics of the run to an OpenTelemetry receiver by OTLP over HTTP.',
  example: { url: 'http://localhost:4318/v1/metrics' },
  load: sdk.load,
  options: struct('otlp', keys),
  create: exporting,
  describe: ({ url: to }) => `otlp to ${shownUrl(to)}`,
  traits: () => ({ sends: true }),
});
