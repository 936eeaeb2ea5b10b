import { nonEmpty } from '../../codec/scalars.js';
import { optional, struct } from '../../codec/struct.js';
import type { RunObserver } from '../../engine/runEvent.js';
import { component } from '../../plugin/component.js';
import { LOOPBACK, listeningPort } from '../expvar.js';
import { servedText } from '../servedText.js';
import { promText } from './promSeries.js';
import { RunMetrics } from './runMetrics.js';

const DEFAULT_PORT = 9464;

/** Options of {@link servePrometheus}. */
export interface ServePrometheusOptions {
  /** 0: any free port. */
  readonly port: number;
  readonly host: string;
  /** Called with the port and the address when it is open. */
  readonly onListening?: (port: number, address: string) => void;
}

/** Serves the metrics of the run at `/metrics` while it lasts. Errors with `ELPIS_LISTEN` when the port cannot be opened. */
export function servePrometheus({ port, host, onListening }: ServePrometheusOptions): RunObserver {
  const served = { name: 'prometheus', path: '/metrics', contentType: 'text/plain; version=0.0.4; charset=utf-8' };
  return servedText({ ...served, port, host, hint: 'choose another port', onListening }, () => {
    const metrics = new RunMetrics();
    return { add: (event) => metrics.add(event), text: () => promText(metrics.all) };
  });
}

/**
 * Serves the metrics of the run for Prometheus, which reads them at `/metrics` (https://prometheus.io/docs/instrumenting/exposition_formats/).
 * Prometheus misses what happened after its last reading; `prometheus-remote-write` sends everything.
 *
 * @example
 * run('./load.yaml', { observers: [prometheus({ port: 9464 })] }).subscribe();
 */
export const prometheus = component({
  kind: 'observer',
  name: 'prometheus',
  summary: 'Serves the metrics of the run for Prometheus at /metrics.',
  example: { port: DEFAULT_PORT },
  options: struct('prometheus', {
    /** The port. */
    port: optional(listeningPort, DEFAULT_PORT, 'the port'),
    /** The address to listen on; 0.0.0.0 is all interfaces. */
    host: optional(nonEmpty, LOOPBACK, 'the address to listen on; 0.0.0.0 is all interfaces'),
  }),
  create: (options) => servePrometheus(options),
  describe: ({ host, port }) => `prometheus on ${host}:${port}`,
});
