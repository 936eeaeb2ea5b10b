import { createRequire } from 'node:module';
import * as net from 'node:net';
import type * as tls from 'node:tls';
import type { SchedulerLike, Subscription } from 'rxjs';
import { defined } from '../../core/defined.js';
import type { Millis } from '../../core/units.js';
import { NET_FAILURE } from '../../protocols/netFailure.js';
import { ExchangeError } from '../exchangeError.js';
import type { Connector, HttpSocket, HttpSocketEvents } from './connector.js';
import type { Origin } from './origin.js';

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
  /** The protocols that TLS offers by ALPN, the preferred one first. Default: `http/1.1` only. */
  readonly alpn?: readonly string[];
}

const HTTP1_ONLY = ['http/1.1'];

const READ_SIZE = 64 * 1024;
/** One buffer for all sockets: bytes are consumed before the next read begins. Windows reads ahead into it. */
const readBuffer = process.platform === 'win32' ? undefined : Buffer.allocUnsafeSlow(READ_SIZE);

/** Loaded with the first connection that needs it. */
const load = createRequire(import.meta.url);
const loadTls = (): typeof tls => load('node:tls') as typeof tls;

const DEFAULT_FALLBACK_MS = 300;
/** Node throws for a smaller value. */
const LEAST_FALLBACK_MS = 10;

class NodeSocket implements HttpSocket {
  readonly #socket: net.Socket;
  readonly #dial: SocketConnectorOptions;
  readonly #origin: Origin;
  readonly #events: HttpSocketEvents;
  #limit: Subscription | undefined;
  #open = false;
  #over = false;

  constructor(
    origin: Origin,
    events: HttpSocketEvents,
    dial: SocketConnectorOptions,
    context: () => tls.SecureContext,
  ) {
    this.#origin = origin;
    this.#events = events;
    this.#dial = dial;
    const socket = origin.ssl ? loadTls().connect(this.#tlsOptions(context())) : net.connect(this.#netOptions());
    this.#socket = socket;
    this.#limitTo(dial.timeout, 'connecting');
    socket.once('connect', () => this.#connected());
    socket.once('end', () => this.#closed());
    socket.on('error', (error) => this.#end((events) => events.failed(error)));
    socket.once('close', () => this.#closed());
    if (origin.ssl) {
      socket.once('secureConnect', () => this.#opened((socket as tls.TLSSocket).alpnProtocol || undefined));
      socket.on('session', (session: Buffer) => {
        origin.session = session;
      });
    }
  }

  get pending(): boolean {
    return this.#socket.writableLength > 0;
  }

  write(bytes: Uint8Array, written?: () => void): void {
    this.#socket.write(bytes, written);
  }

  destroy(): void {
    this.#over = true;
    this.#limit?.unsubscribe();
    this.#socket.destroy();
  }

  #netOptions(): net.NetConnectOpts {
    const { dualStack, fallbackDelay, keepAlive } = this.#dial;
    const attempt = fallbackDelay > 0 ? Math.max(LEAST_FALLBACK_MS, fallbackDelay) : DEFAULT_FALLBACK_MS;
    return {
      host: this.#origin.address ?? this.#origin.host,
      port: this.#origin.port,
      noDelay: true,
      keepAlive: keepAlive >= 0,
      keepAliveInitialDelay: Math.max(0, keepAlive),
      autoSelectFamily: dualStack,
      autoSelectFamilyAttemptTimeout: attempt,
      onread: {
        buffer: readBuffer ?? Buffer.allocUnsafeSlow(READ_SIZE),
        callback: (length, bytes) => {
          if (!this.#over) this.#events.received(bytes, length);
          return true;
        },
      },
    };
  }

  #tlsOptions(secureContext: tls.SecureContext): tls.ConnectionOptions {
    const { host, session } = this.#origin;
    return {
      ...(this.#netOptions() as tls.ConnectionOptions),
      secureContext,
      rejectUnauthorized: false,
      ALPNProtocols: [...(this.#dial.alpn ?? HTTP1_ONLY)],
      ...(net.isIP(host) === 0 ? { servername: host } : {}),
      ...defined({ session }),
    };
  }

  #limitTo(limit: Millis, doing: string): void {
    this.#limit?.unsubscribe();
    this.#limit = undefined;
    if (limit <= 0) return;
    this.#limit = this.#dial.scheduler.schedule(() => {
      const error = new Error(`${doing} took longer than ${limit}ms`);
      this.#end((events) => events.failed(Object.assign(error, { code: 'ETIMEDOUT' })));
    }, limit);
  }

  #connected(): void {
    const { remoteAddress } = this.#socket;
    if (this.#origin.remember && remoteAddress !== undefined) this.#origin.address ??= remoteAddress;
    if (this.#origin.ssl) this.#limitTo(this.#dial.tlsHandshakeTimeout, 'the TLS handshake');
    else this.#opened();
  }

  #opened(protocol?: string): void {
    this.#limitTo(0, '');
    this.#open = true;
    if (!this.#over) this.#events.opened(protocol);
  }

  #closed(): void {
    if (this.#open || !this.#origin.ssl) this.#end((events) => events.finished());
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
 * Connections of `node:net` and `node:tls`: no delay, keep-alive probes, all sockets read into one buffer. Certificates
 * are never verified, SNI is the host's name, TLS sessions are resumed.
 */
export function socketConnector(options: SocketConnectorOptions): Connector {
  let context: tls.SecureContext | undefined;
  const secureContext = (): tls.SecureContext => {
    context ??= loadTls().createSecureContext({});
    return context;
  };
  return (origin, events) => new NodeSocket(origin, events, options, secureContext);
}
