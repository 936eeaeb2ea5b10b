import type { ConnectionEnd, ConnectionWatch } from '../../core/connections.js';
import type { EpochMs, Millis } from '../../core/units.js';
import { NET_FAILURE } from '../../protocols/netFailure.js';
import { LazyTimer } from '../../time/lazyTimer.js';
import type { ConnectLimiter, ConnectWaiter } from '../dial/connectLimiter.js';
import type { Connector, HttpSocket, HttpSocketEvents } from '../dial/connector.js';
import type { Origin } from '../dial/origin.js';
import { ExchangeError } from '../exchangeError.js';
import type { EncodedHead } from './encodedHead.js';
import type { Flusher } from './flusher.js';
import type { Http2Stream } from './http2Stream.js';
import { NotHttp2Error } from './notHttp2Error.js';
import { Session, type SessionHost, type SessionOptions } from './session.js';
import type { Stream, StreamConnection, StreamListener } from './streamListener.js';

/** Options of connections. */
export interface Http2ConnectionOptions extends SessionOptions {
  readonly connect: Connector;
  /** Bounds the number of connections that open at once. */
  readonly limiter: ConnectLimiter;
  readonly flusher: Flusher;
  /** How long a connection without streams is kept; 0 = no limit. */
  readonly idleTimeout: Millis;
  /** Most streams of a connection at a time; 0 = as many as the peer takes. */
  readonly streams: number;
  /** Counts the connections. Default: they are not counted. */
  readonly connectionWatch?: ConnectionWatch | undefined;
}

/** The user of a connection. */
export interface Http2ConnectionUser {
  /** The connection is open. Called at most once. */
  opened(connection: Http2Connection): void;
  /** A stream is free again, or the connection takes no more of them. */
  changed(connection: Http2Connection): void;
  /** The connection is closed; `error` when it could not be opened. Its streams fail after this call. Called once. */
  closed(connection: Http2Connection, error: unknown): void;
}

/**
 * One connection: it waits for the limiter, opens, carries streams, and closes when it is idle for too long, or when the peer takes no
 * more streams and the last has ended.
 */
export class Http2Connection implements StreamConnection, HttpSocketEvents, ConnectWaiter, SessionHost {
  /** How many streams it has carried. */
  carried = 0;
  readonly #options: Http2ConnectionOptions;
  readonly #user: Http2ConnectionUser;
  readonly #idleTimer: LazyTimer | undefined;
  #phase: 'queued' | 'opening' | 'open' | 'draining' | 'closed' = 'queued';
  /** Why it takes no more streams. */
  #drainedBy: ConnectionEnd = 'generator';
  #socket: HttpSocket | undefined;
  #session: Session | undefined;
  /** True while the flusher will flush it, or what is received will. */
  #flushes = false;

  constructor(
    readonly origin: Origin,
    options: Http2ConnectionOptions,
    user: Http2ConnectionUser,
  ) {
    this.#options = options;
    this.#user = user;
    const { scheduler, idleTimeout } = options;
    this.#idleTimer = idleTimeout > 0 ? new LazyTimer(scheduler, () => this.destroy()) : undefined;
  }

  /** Opens it, when the limiter admits it. */
  open(): void {
    this.#options.limiter.enter(this);
  }

  admitted(): void {
    this.#phase = 'opening';
    try {
      this.#socket = this.#options.connect(this.origin, this);
    } catch (error) {
      // Not at once, because the end of another connection may admit this one.
      this.#options.scheduler.schedule(() => this.failed(error as Error));
    }
  }

  get opening(): boolean {
    return this.#phase === 'queued' || this.#phase === 'opening';
  }

  /** True while streams can begin, now or when others have ended. */
  get usable(): boolean {
    return this.#phase === 'open';
  }

  /** Streams that can begin now. */
  get free(): number {
    return this.#phase === 'open' ? this.most - (this.#session?.size ?? 0) : 0;
  }

  /** Streams that it carries at a time, as far as is known. */
  get most(): number {
    const { streams } = this.#options;
    const peer = this.#session?.most ?? Number.POSITIVE_INFINITY;
    return streams > 0 ? Math.min(streams, peer) : peer;
  }

  send(head: EncodedHead, body: Uint8Array | null, end: boolean, listener: StreamListener): Stream {
    if (this.carried++ > 0) this.#options.connectionWatch?.reused();
    this.#idleTimer?.clear();
    const session = this.#session as Session;
    const stream = session.send(head, body, end, listener);
    // A head that is not sent opens no stream.
    if (session.size === 0) this.#rest(this.#options.scheduler.now());
    return stream;
  }

  silentSince(stream: Stream): boolean {
    return this.#session?.silentSince(stream as Http2Stream) === true;
  }

  retire(): void {
    this.drains('generator');
  }

  drains(by: ConnectionEnd): void {
    if (this.#phase !== 'open') return;
    this.#phase = 'draining';
    this.#drainedBy = by;
    this.#user.changed(this);
    this.#closeIfDone();
  }

  opened(protocol?: string): void {
    const { ssl } = this.origin;
    if (ssl && protocol !== 'h2') {
      this.#close(new NotHttp2Error(this.origin, `it chose ${protocol ?? 'no protocol'} by ALPN`), 'broken');
      return;
    }
    this.#options.limiter.leave(this);
    this.#options.connectionWatch?.opened(this.#socket?.phases);
    this.#phase = 'open';
    this.#session = new Session(this.#socket as HttpSocket, ssl, this.#options, this);
    this.#session.open();
    this.#user.opened(this);
    this.freed();
  }

  received(bytes: Uint8Array, length: number): void {
    const session = this.#session;
    if (session === undefined) return;
    if (!session.confirmed && isHttp1(bytes, length)) {
      this.#close(new NotHttp2Error(this.origin, 'it responded with HTTP/1.x'), 'broken');
      return;
    }
    // What the streams send meanwhile is written at the end.
    const flushes = this.#flushes;
    this.#flushes = true;
    session.received(bytes, length);
    this.#flushes = flushes;
  }

  finished(): void {
    const text = this.opening
      ? 'the connection was closed while it was being opened'
      : 'the peer closed the connection';
    this.#close(new ExchangeError(NET_FAILURE.closedEarly, text), this.#endedByPeer);
  }

  failed(error: Error): void {
    const refused = (error as NodeJS.ErrnoException).code === NO_COMMON_PROTOCOL;
    this.#close(refused ? new NotHttp2Error(this.origin, 'it refused h2 by ALPN') : error, this.#endedByPeer);
  }

  /** Closes at once. Its streams fail. */
  destroy(): void {
    if (this.#phase !== 'closed') this.#session?.farewell();
    this.#close(new ExchangeError(NET_FAILURE.closedEarly, 'the connection was closed'), this.#drainedBy);
  }

  broken(error: Error): void {
    this.#close(error, 'broken');
  }

  dirty(): void {
    if (this.#flushes) return;
    this.#flushes = true;
    this.#options.flusher.add(this);
  }

  flush(): void {
    this.#flushes = false;
    this.#session?.flush();
  }

  freed(): void {
    if (this.#session?.size === 0) this.#rest(this.#options.scheduler.now());
    this.#user.changed(this);
    this.#closeIfDone();
  }

  get #endedByPeer(): ConnectionEnd {
    return this.#session === undefined || this.#session.size > 0 ? 'broken' : 'target';
  }

  #rest(now: EpochMs): void {
    this.#idleTimer?.set(now + this.#options.idleTimeout);
  }

  #closeIfDone(): void {
    if (this.#phase === 'draining' && this.#session?.size === 0) this.destroy();
  }

  #close(error: unknown, by: ConnectionEnd): void {
    if (this.#phase === 'closed') return;
    const session = this.#session;
    const early = this.opening;
    if (early) this.#options.limiter.leave(this);
    if (session !== undefined) this.#options.connectionWatch?.closed(by);
    else if (error instanceof Error && by === 'broken') this.#options.connectionWatch?.failed();
    this.#phase = 'closed';
    this.#idleTimer?.close();
    session?.flush();
    this.#socket?.destroy();
    this.#user.closed(this, early || error instanceof NotHttp2Error ? error : undefined);
    session?.end(error);
  }
}

/** Code of the error when the peer has ended the handshake because it takes none of the protocols that were offered. */
const NO_COMMON_PROTOCOL = 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL';

/** True when the bytes begin like a response of HTTP/1.x. */
function isHttp1(bytes: Uint8Array, length: number): boolean {
  return length >= 5 && Buffer.from(bytes.buffer, bytes.byteOffset, 5).toString('latin1') === 'HTTP/';
}
