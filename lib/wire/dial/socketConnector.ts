import * as net from 'node:net';
import type * as tls from 'node:tls';
import type { SchedulerLike, Subscription } from 'rxjs';
import type { ConnectPhases } from '../../core/connections.js';
import { defined } from '../../core/defined.js';
import type { EpochMs, Millis } from '../../core/units.js';
import { NET_FAILURE } from '../../protocols/netFailure.js';
import { ExchangeError } from '../exchangeError.js';
import type { Connector, HttpSocketEvents, SecurableSocket } from './connector.js';
import type { Origin } from './origin.js';
import { Router, type RouterOptions, systemRoutes } from './router.js';
import { anyCertificate, loadTls, type TlsClient } from './tlsClient.js';
import { whenEnded } from './whenEnded.js';

/** Options of {@link socketConnector}. */
export interface SocketConnectorOptions {
  readonly scheduler: SchedulerLike;
  /** Resolving and connecting together; 0 = no limit. */
  readonly timeout: Millis;
  /** 0 = no limit. */
  readonly tlsHandshakeTimeout: Millis;
  /** Try every address of a name. */
  readonly dualStack: boolean;
  /** How long one address is tried before the next; 0 = 300. */
  readonly fallbackDelay: Millis;
  /** Idle time before keep-alive probes; 0 = the system's default, negative = none. */
  readonly keepAlive: Millis;
  /** TLS of connections to origins with `ssl`. Default: {@link anyCertificate}. */
  readonly tls?: TlsClient;
  /** TLS in tunnels, which `startTls` opens. Default: as `tls`. */
  readonly innerTls?: TlsClient;
  /** The addresses of connections. Default: {@link systemRoutes}. */
  readonly routes?: RouterOptions;
}

const READ_SIZE = 64 * 1024;
/** One buffer for all sockets: bytes are consumed before the next read begins. Windows reads ahead into it. */
const readBuffer = process.platform === 'win32' ? undefined : Buffer.allocUnsafeSlow(READ_SIZE);

const DEFAULT_FALLBACK_MS = 300;
/** Node throws for a smaller value. */
const LEAST_FALLBACK_MS = 10;

/** What all sockets of a connector share. */
interface Dial {
  readonly options: SocketConnectorOptions;
  readonly tls: TlsClient;
  readonly innerTls: TlsClient;
  readonly router: Router;
}

class NodeSocket implements SecurableSocket {
  #socket: net.Socket;
  readonly #dial: Dial;
  readonly #origin: Origin;
  readonly #events: HttpSocketEvents;
  #limit: Subscription | undefined;
  /** True while a handshake of TLS is due or under way. */
  #securing: boolean;
  #over = false;
  /** When the phase under way began. */
  #since: EpochMs;
  #dns: Millis | undefined;
  #connecting: Millis | undefined;
  /** The time of all handshakes. */
  #tls: Millis | undefined;

  constructor(origin: Origin, events: HttpSocketEvents, dial: Dial) {
    this.#origin = origin;
    this.#events = events;
    this.#dial = dial;
    this.#securing = origin.ssl;
    this.#since = dial.options.scheduler.now();
    const ends = this.#netOptions();
    const socket = origin.ssl
      ? loadTls().connect({ ...(ends as tls.ConnectionOptions), ...dial.tls.to(origin) })
      : net.connect(ends);
    this.#socket = socket;
    this.#limitTo(dial.options.timeout, 'connecting');
    socket.once('lookup', () => {
      this.#dns = this.#phaseEnds();
    });
    socket.once('connect', () => this.#connected());
    this.#listen(socket);
    if (origin.ssl) this.#awaitTls(socket as tls.TLSSocket, origin);
  }

  get pending(): boolean {
    return this.#socket.writableLength > 0;
  }

  get phases(): ConnectPhases {
    return defined({ dns: this.#dns, connect: this.#connecting, tls: this.#tls });
  }

  write(bytes: Uint8Array, written?: () => void): void {
    this.#socket.write(bytes, written);
  }

  startTls(origin: Origin): void {
    this.#securing = true;
    this.#phaseEnds();
    const socket = loadTls().connect({ socket: this.#socket, host: origin.host, ...this.#dial.innerTls.to(origin) });
    this.#socket = socket;
    this.#limitTo(this.#dial.options.tlsHandshakeTimeout, 'the TLS handshake');
    this.#listen(socket);
    this.#awaitTls(socket, origin);
    // Node takes no read buffer for TLS on an open socket.
    socket.on('data', (bytes: Buffer) => this.#received(bytes, bytes.length));
  }

  destroy(): void {
    this.#over = true;
    this.#limit?.unsubscribe();
    this.#socket.destroy();
  }

  #listen(socket: net.Socket): void {
    whenEnded(socket, (reset) => this.#closed(reset));
    socket.on('error', (error) => this.#end((events) => events.failed(error)));
    socket.once('close', () => this.#closed());
  }

  #awaitTls(socket: tls.TLSSocket, origin: Origin): void {
    socket.once('secureConnect', () => this.#opened(socket.alpnProtocol || undefined));
    socket.on('session', (session: Buffer) => {
      origin.session = session;
    });
  }

  #netOptions(): net.NetConnectOpts {
    const { dualStack, fallbackDelay, keepAlive } = this.#dial.options;
    const onread: net.OnReadOpts = {
      buffer: readBuffer ?? Buffer.allocUnsafeSlow(READ_SIZE),
      callback: (length, bytes) => {
        this.#received(bytes, length);
        return true;
      },
    };
    const { socketPath } = this.#origin;
    if (socketPath !== undefined) return { path: socketPath, onread };
    const attempt = fallbackDelay > 0 ? Math.max(LEAST_FALLBACK_MS, fallbackDelay) : DEFAULT_FALLBACK_MS;
    return {
      ...this.#dial.router.next(this.#origin),
      noDelay: true,
      keepAlive: keepAlive >= 0,
      keepAliveInitialDelay: Math.max(0, keepAlive),
      autoSelectFamily: dualStack,
      autoSelectFamilyAttemptTimeout: attempt,
      onread,
    };
  }

  #received(bytes: Uint8Array, length: number): void {
    if (!this.#over) this.#events.received(bytes, length);
  }

  #limitTo(limit: Millis, doing: string): void {
    this.#limit?.unsubscribe();
    this.#limit = undefined;
    if (limit <= 0) return;
    this.#limit = this.#dial.options.scheduler.schedule(() => {
      const error = new Error(`${doing} took longer than ${limit}ms`);
      this.#end((events) => events.failed(Object.assign(error, { code: 'ETIMEDOUT' })));
    }, limit);
  }

  /** Returns the time since the last call, or since the begin. */
  #phaseEnds(): Millis {
    const now = this.#dial.options.scheduler.now();
    const lasted = now - this.#since;
    this.#since = now;
    return lasted;
  }

  #connected(): void {
    this.#connecting = this.#phaseEnds();
    const { remoteAddress } = this.#socket;
    if (remoteAddress !== undefined) this.#dial.router.connected(this.#origin, remoteAddress);
    if (this.#origin.ssl) this.#limitTo(this.#dial.options.tlsHandshakeTimeout, 'the TLS handshake');
    else this.#opened();
  }

  #opened(protocol?: string): void {
    this.#limitTo(0, '');
    if (this.#securing) this.#tls = (this.#tls ?? 0) + this.#phaseEnds();
    this.#securing = false;
    if (!this.#over) this.#events.opened(protocol);
  }

  #closed(reset?: Error): void {
    if (reset !== undefined) this.#end((events) => events.failed(reset));
    else if (!this.#securing) this.#end((events) => events.finished());
    else {
      const error = new ExchangeError(NET_FAILURE.tls, 'the peer closed the connection during the TLS handshake');
      this.#end((events) => events.failed(error));
    }
  }

  #end(emit: (events: HttpSocketEvents) => void): void {
    if (this.#over) return;
    this.destroy();
    emit(this.#events);
  }
}

/**
 * Connections of `node:net` and `node:tls`: no delay, keep-alive probes, all sockets read into one buffer. SNI is the host's
 * name, TLS sessions are resumed.
 */
export function socketConnector(options: SocketConnectorOptions): Connector<SecurableSocket> {
  const { tls = anyCertificate(), innerTls = tls, routes = systemRoutes() } = options;
  const dial: Dial = { options, tls, innerTls, router: new Router(routes) };
  return (origin, events) => new NodeSocket(origin, events, dial);
}
