import { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import type { AddressInfo, Server } from 'node:net';
import type { SchedulerLike } from 'rxjs';
import { defined } from '../core/defined.js';
import { ElpisError } from '../core/errors.js';
import { realTimeScheduler } from '../time/realTime.js';
import { seededRandom } from '../time/seededRandom.js';
import { type Exchange, HttpExchange, type Route, type RouteParameter } from './exchange.js';
import { GrpcTarget, isGrpc } from './grpc/grpcTarget.js';
import { ProtocolServer, type TargetRequest, type TargetResponse } from './protocols.js';
import { routes } from './routes.js';
import { Shop } from './shop/shop.js';
import { StatsRecorder, type TargetStats } from './stats.js';

/**
 * The path of a request target, without the query, and without the scheme and authority of the absolute form that
 * clients send to proxies (RFC 9112, 3.2.2). `/a/b?c=d` has the path `/a/b`.
 */
function pathOf(target: string): string {
  const query = target.indexOf('?');
  const path = query < 0 ? target : target.slice(0, query);
  if (path.startsWith('/')) return path;
  return path.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '') || '/';
}

/** The pattern of a route: `/jitter/MIN/MAX`. */
function routePattern(name: string, { parameters }: Route): string {
  return ['', name, ...parameters.map((parameter) => parameter.name)].join('/');
}

function refusal(text: string, { name, min, max, fraction = false }: RouteParameter): string | undefined {
  const number = Number(text);
  const fits = text !== '' && number >= min && number <= max && (fraction || Number.isInteger(number));
  if (fits) return undefined;
  return `${name} is "${text}", expected ${fraction ? 'a number' : 'a whole number'} from ${min} to ${max}\n`;
}

/** Responds to one request by the route of its path; 404 and 400 list what is expected. */
function serve(exchange: Exchange, path: string): void {
  const [, name = '', ...texts] = path.split('/');
  const route = routes.get(name);
  if (route === undefined) {
    const known = [...routes].map(([key, each]) => routePattern(key, each)).join(' ');
    exchange.respond(404, `there is no route ${path}; there are: ${known} /stats /reset-stats\n`);
    return;
  }
  if (texts.length !== route.parameters.length) {
    exchange.respond(404, `there is no route ${path}; did you mean ${routePattern(name, route)}?\n`);
    return;
  }
  for (const [i, parameter] of route.parameters.entries()) {
    const message = refusal(texts[i] ?? '', parameter);
    if (message !== undefined) {
      exchange.respond(400, message);
      return;
    }
  }
  route.handle(exchange, ...texts.map(Number));
}

/**
 * Responds to `GET /stats` (with `?arrivals=1` also the latest arrival times) and `POST /reset-stats`. These requests are not
 * counted. Returns false for any other path.
 */
function serveStats(
  path: string,
  { method, url }: TargetRequest,
  response: TargetResponse,
  recorder: StatsRecorder,
): boolean {
  if (path === '/stats') {
    const query = new URLSearchParams(url?.split('?')[1]);
    const body = JSON.stringify(recorder.snapshot(query.get('arrivals') === '1'));
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(`${body}\n`);
    return true;
  }
  if (path !== '/reset-stats') return false;
  if (method === 'POST') {
    recorder.reset();
    response.writeHead(204).end();
  } else {
    response.writeHead(405, { Allow: 'POST' }).end('use POST\n');
  }
  return true;
}

/** A running target. */
export interface Target {
  /** Its URL, such as `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly port: number;
  /** The counts so far; the same numbers as `GET /stats`. */
  stats(): TargetStats;
  /** Drops all connections and stops listening. Idempotent. */
  close(): Promise<void>;
}

/** Options of {@link startTarget}; all have defaults. */
interface TargetOptions {
  /** Address to listen on. Default `127.0.0.1`. */
  readonly host?: string;
  /** TCP port; 0 picks a free one. Default 0. */
  readonly port?: number;
  /** Seed of `/fail` and `/jitter`: the same seed and the same requests give the same responses. Default 1. */
  readonly seed?: number;
  /** How many of the latest arrival times are kept for `/stats?arrivals=1`. Default 100,000 (8 bytes each). */
  readonly arrivals?: number;
  /** Time for delays and arrival times. Default: real time. */
  readonly scheduler?: SchedulerLike;
}

const BACKLOG = 4_096;

function listen(server: Server, host: string, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const hint = cause.code === 'EADDRINUSE' ? 'choose another port, or 0 for any free one' : undefined;
      const message = `the target cannot listen on ${host}:${port}: ${cause.message}`;
      reject(new ElpisError('ELPIS_LISTEN', message, { cause, ...defined({ hint }) }));
    });
    server.listen({ host, port, backlog: BACKLOG }, () => resolve(server.address() as AddressInfo));
  });
}

/**
 * Starts a small server to shoot at, for HTTP/1.1 and HTTP/2, with TLS and without on the same port: for first steps, for tests,
 * and to measure a generator. It also is a proxy whose tunnels lead to itself. Its routes are in
 * `routes.ts`, and `/stats` returns its counts. It prints nothing.
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
  const grpc = new GrpcTarget(recorder, scheduler);
  const handle = (request: TargetRequest, response: TargetResponse): void => {
    const { method = '', url = '/' } = request;
    const path = pathOf(url);
    if (serveStats(path, request, response, recorder)) return;
    recorder.arrived(method, path, scheduler.now());
    if (request instanceof Http2ServerRequest && response instanceof Http2ServerResponse && isGrpc(request.headers)) {
      grpc.serve(request, response, path);
      return;
    }
    serve(new HttpExchange(request, response, context), path);
  };
  const protocols = new ProtocolServer(handle, (authority) => recorder.tunnelled(authority));
  const { server } = protocols;
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
        protocols.close(resolve);
      });
      return closing;
    },
  };
}
