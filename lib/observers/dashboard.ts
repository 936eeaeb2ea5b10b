import { createRequire } from 'node:module';
import { Observable, type SchedulerLike } from 'rxjs';
import { optional, struct } from '../codec/struct.js';
import type { Millis } from '../core/units.js';
import type { RunObserver } from '../engine/runEvent.js';
import { type PageFiles, readPageFiles } from '../page/document.js';
import { isLoopback } from '../page/server/gate.js';
import { PageServer } from '../page/server/pageServer.js';
import { component } from '../plugin/component.js';
import { realTimeScheduler } from '../time/realTime.js';
import { type ListenAddress, listenAddress } from './listenAddress.js';

/** Loaded synchronously, so that no shot waits for it. */
const load = createRequire(import.meta.url);

/** How long readers may take for the last events after the end of the run. */
const LAST_EVENTS_MS: Millis = 2000;
const TOKEN_BYTES = 16;

function newToken(): string {
  const { randomBytes } = load('node:crypto') as typeof import('node:crypto');
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

/** Options of {@link serveDashboard}. */
export interface DashboardOptions extends ListenAddress {
  /** Called with its address, with the token, when it is open. */
  readonly onListening: (url: string) => void;
  /** Default: the client that was built with this package. */
  readonly files?: PageFiles;
  /** The clock of its connections. Default: real time. */
  readonly scheduler?: SchedulerLike;
}

/**
 * Serves the page of a run while it runs: everything that the run measures, and buttons that steer it. Readers that come late receive
 * the whole run; slow ones lose updates and never slow the run.
 *
 * - On loopback it needs no token. On another address every request for data or control needs the token in the printed address.
 * - Errors with `ELPIS_LISTEN` when the port cannot be opened.
 */
export function serveDashboard({
  host,
  port,
  onListening,
  files,
  scheduler = realTimeScheduler,
}: DashboardOptions): RunObserver {
  return (events, handle) =>
    new Observable<never>((destination) => {
      const token = isLoopback(host) ? undefined : newToken();
      const server = new PageServer({ host, port, token, files: files ?? readPageFiles(), handle, scheduler });
      const { createServer } = load('node:http') as typeof import('node:http');
      server.open(createServer, onListening, (error) => destination.error(error));
      destination.add(() => server.close());
      const deadline = new Observable<never>((waiting) => {
        server.end();
        const check = (at: number): void => {
          if (server.readers === 0 || scheduler.now() >= at) waiting.complete();
          else waiting.add(scheduler.schedule(() => check(at), 20));
        };
        check(scheduler.now() + LAST_EVENTS_MS);
      });
      destination.add(
        events.subscribe({
          next: (event) => server.add(event),
          complete: () => destination.add(deadline.subscribe({ complete: () => destination.complete() })),
        }),
      );
    });
}

/**
 * Serves a page of the run, live. Selected in a config by `dashboard`.
 *
 * @example
 * run('./load.yaml', { observers: [dashboard({ listen: '127.0.0.1:9090' })] }).subscribe();
 */
export const dashboard = component({
  kind: 'observer',
  name: 'dashboard',
  summary: 'Serves a page that shows the run while it runs, and steers it.',
  example: { listen: '127.0.0.1:9090' },
  options: struct('dashboard', {
    /** Host:port to listen on; port 0 is a free one. */
    listen: optional(listenAddress, { host: '127.0.0.1', port: 0 }, 'host:port to listen on; port 0 is a free one'),
  }),
  create: ({ listen }, { stderr }) =>
    serveDashboard({ ...listen, onListening: (url) => stderr.write(`dashboard: ${url}\n`) }),
  describe: ({ listen: { host, port } }) => `dashboard on ${host}:${port === 0 ? 'a free port' : port}`,
  traits: () => ({ steers: true }),
});
