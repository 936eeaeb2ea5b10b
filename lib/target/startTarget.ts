import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ElpisError } from '../core/errors.js';
import { realTimeScheduler } from '../coreutil/realTimeScheduler.js';
import { seededRandom } from '../coreutil/seededRandom.js';
import { HttpExchange } from './httpExchange.js';
import { pathOf } from './pathOf.js';
import { serve } from './serve.js';
import { serveStats } from './serveStats.js';
import { Shop } from './shop/shop.js';
import { StatsRecorder } from './statsRecorder.js';
import type { Target } from './target.js';
import type { TargetOptions } from './targetOptions.js';

const BACKLOG = 4_096;

function listen(server: Server, host: string, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const hint = cause.code === 'EADDRINUSE' ? 'choose another port, or 0 for any free one' : undefined;
      const message = `the target can not listen on ${host}:${port}: ${cause.message}`;
      reject(new ElpisError('ELPIS_LISTEN', message, { cause, ...(hint === undefined ? {} : { hint }) }));
    });
    server.listen({ host, port, backlog: BACKLOG }, () => resolve(server.address() as AddressInfo));
  });
}

/**
 * Starts a small HTTP server to shoot at: for first steps, for tests, and to measure a generator. Its routes are in
 * `routes.ts`, and `/stats` says what arrived. It prints nothing.
 *
 * @example
 * const target = await startTarget();
 * await fetch(`${target.url}/delay/250`);
 * target.stats().total; // 1
 * await target.close();
 */
export async function startTarget(options: TargetOptions = {}): Promise<Target> {
  const { host = '127.0.0.1', port = 0, seed = 1, arrivals = 100_000, scheduler = realTimeScheduler } = options;
  const recorder = new StatsRecorder(arrivals);
  const context = { recorder, scheduler, random: seededRandom(seed), shop: new Shop(seededRandom(seed)) };
  const server = createServer((request, response) => {
    const { method = '', url = '/' } = request;
    const path = pathOf(url);
    if (serveStats(path, request, response, recorder)) return;
    recorder.arrived(method, path, scheduler.now());
    serve(new HttpExchange(request, response, context), path);
  });
  // A quiet client keeps its connection: closing idle ones would show up as errors that nobody asked for.
  server.keepAliveTimeout = 0;
  server.headersTimeout = 0;
  server.requestTimeout = 0;
  server.on('connection', (socket) => {
    recorder.connected();
    socket.once('close', () => recorder.disconnected());
  });
  const address = await listen(server, host, port);
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  let closing: Promise<void> | undefined;
  return {
    url: `http://${name}:${address.port}`,
    port: address.port,
    stats: () => recorder.snapshot(),
    close() {
      closing ??= new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      return closing;
    },
  };
}
