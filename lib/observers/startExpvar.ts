import { createServer } from 'node:http';
import { ElpisError } from '../core/errors.js';
import type { ExpvarCounters } from './expvarTally.js';

/** A running server of counters. */
export interface ExpvarServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Serves live counters as Pandora does: `GET /debug/vars` on all interfaces answers a JSON object with `engine_Requests` and
 * the rest of {@link ExpvarCounters}, so that what scrapes Pandora keeps working.
 *
 * @param port 0 takes a free one.
 * @throws ElpisError `ELPIS_LISTEN` when the port can not be had.
 */
export function startExpvar(port: number, counters: () => ExpvarCounters): Promise<ExpvarServer> {
  const server = createServer((request, response) => {
    if (request.url?.split('?')[0] !== '/debug/vars') {
      response.writeHead(404).end('404 page not found\n');
      return;
    }
    const { rss, heapTotal, heapUsed } = process.memoryUsage();
    const memstats = { Sys: rss, HeapSys: heapTotal, HeapAlloc: heapUsed };
    response.writeHead(200, { 'Content-Type': 'application/json; charset=utf-8' });
    response.end(`${JSON.stringify({ cmdline: process.argv, memstats, ...counters() })}\n`);
  });
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      const message = `monitoring.expvar can not listen on port ${port}: ${cause.message}`;
      reject(new ElpisError('ELPIS_LISTEN', message, { cause, hint: 'choose another monitoring.expvar.port' }));
    });
    server.listen(port, () => {
      const address = server.address();
      const close = (): Promise<void> =>
        new Promise((closed) => {
          server.closeAllConnections();
          server.close(() => closed());
        });
      resolve({ port: typeof address === 'object' && address !== null ? address.port : port, close });
    });
  });
}
