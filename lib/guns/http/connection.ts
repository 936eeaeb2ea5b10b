import type { SchedulerLike, Subscription } from 'rxjs';
import type { Bytes, EpochMs, Millis } from '../../core/units.js';
import { NET_FAILURE, type NetFailure } from '../../protocols/netFailure.js';
import { LazyTimer } from '../shared/lazyTimer.js';
import type { CaptureRule } from './capture.js';
import type { ConnectLimiter, ConnectWaiter } from './dial/connectLimiter.js';
import type { Connector, HttpSocket, HttpSocketEvents } from './dial/connector.js';
import type { Origin } from './origin.js';
import { ResponseParser } from './parser/responseParser.js';
import type { EncodedRequest } from './request.js';

/** A request that failed for a reason that no error of the system names, such as a response that is not HTTP. */
export class ExchangeError extends Error {
  override readonly name = 'ExchangeError';

  constructor(
    readonly failure: NetFailure,
    message: string,
  ) {
    super(message);
  }
}

/** What a connection reports about the request that it carries. */
export interface ExchangeListener {
  /** The connection is open and can carry a request. Called once per connection, on the listener that opened it. */
  opened(): void;
  /** The operating system has taken the whole request. Called only when the connection times its requests. */
  written(): void;
  /** The first bytes of the response arrived; `complete` follows at once when they are the whole response. */
  firstBytes(): void;
  /** The status is known and the body is still to come. */
  answered(): void;
  /** The response is complete. `reusable` when the connection can carry another request. */
  complete(reusable: boolean): void;
  /** The connection could not be opened, or it broke, or the bytes received are not HTTP. The connection is closed. */
  failed(error: unknown): void;
}

/** How connections carry requests. */
export interface ConnectionOptions {
  readonly scheduler: SchedulerLike;
  readonly connect: Connector;
  /** Bounds how many connections open at once. */
  readonly limiter: ConnectLimiter;
  /** From the request written to the head of the response; 0 = no limit. */
  readonly headerTimeout: Millis;
  /** How long an unused connection is kept; 0 = without a limit. */
  readonly idleTimeout: Millis;
  /** How long a body waits for 100 Continue. */
  readonly continueTimeout: Millis;
  /** Report the moment when a request is written, at a small cost. */
  readonly timed: boolean;
  readonly capture: CaptureRule;
}

/**
 * The phases of a connection:
 *
 * ```text
 * queued -> opening -> ready -> waiting -> receiving -> ready -> ... -> closed
 *                                     \-> settling -/
 * ```
 *
 * - `queued`: waits for the {@link ConnectLimiter}.
 * - `opening`: TCP and TLS handshakes are under way.
 * - `ready`: open, and carries no request.
 * - `waiting`: a request was sent, the head of its response is not complete.
 * - `receiving`: the head is complete, the body is not.
 * - `settling`: the response is complete, but the socket has not reported that the request was written. TLS reports that one
 *   turn of the event loop late, which may be after the response; if it is still not written one turn later, the server
 *   responded without reading the whole request, and the connection cannot carry another.
 * - `closed`.
 */
type Phase = 'queued' | 'opening' | 'ready' | 'waiting' | 'receiving' | 'settling' | 'closed';

/** One connection, which carries one request at a time. It has a listener while it opens and while it carries a request. */
export class Connection implements HttpSocketEvents, ConnectWaiter {
  readonly parser: ResponseParser;
  /** True when it carried another request before the current one. */
  reused = false;
  /** Bytes sent and received for the current request. */
  bytesOut: Bytes = 0;
  bytesIn: Bytes = 0;
  readonly #options: ConnectionOptions;
  readonly #headerTimer: LazyTimer | undefined;
  readonly #idleTimer: LazyTimer | undefined;
  readonly #written: (() => void) | undefined;
  #phase: Phase = 'queued';
  #socket: HttpSocket | undefined;
  #listener: ExchangeListener | undefined;
  #request: EncodedRequest | undefined;
  /** The timer of a body that waits for 100 Continue. */
  #heldBody: Subscription | undefined;
  #settle: Subscription | undefined;

  /** @param lost Called when the connection ends while it carries nothing. */
  constructor(
    readonly origin: Origin,
    options: ConnectionOptions,
    listener: ExchangeListener,
    readonly lost: (connection: Connection) => void,
  ) {
    const { scheduler, headerTimeout, idleTimeout } = options;
    this.#options = options;
    this.#listener = listener;
    this.parser = new ResponseParser(options.capture);
    this.#headerTimer = headerTimeout > 0 ? new LazyTimer(scheduler, () => this.#headerLate()) : undefined;
    this.#idleTimer = idleTimeout > 0 ? new LazyTimer(scheduler, () => this.finished()) : undefined;
    this.#written = options.timed || headerTimeout > 0 ? () => this.#sent() : undefined;
    options.limiter.enter(this);
  }

  admitted(): void {
    this.#phase = 'opening';
    try {
      this.#socket = this.#options.connect(this.origin, this);
    } catch (error) {
      // Not at once: the constructor, or the end of another connection, may be what admits this one.
      this.#options.scheduler.schedule(() => this.failed(error as Error));
    }
  }

  /** Sends a request. The listener is called with the result, never before this returns. */
  send(request: EncodedRequest, listener: ExchangeListener): void {
    this.#listener = listener;
    this.#request = request;
    this.#phase = 'waiting';
    this.bytesIn = 0;
    this.#idleTimer?.clear();
    this.parser.begin(request.forHead, request.heads);
    if (request.expectsContinue && this.#options.continueTimeout > 0) {
      this.#write(request.bytes.subarray(0, request.headBytes));
      this.#heldBody = this.#options.scheduler.schedule(() => this.#sendBody(), this.#options.continueTimeout);
    } else this.#write(request.bytes, this.#written);
  }

  /** Keeps the connection open without a request. */
  rest(now: EpochMs): void {
    this.#listener = undefined;
    this.reused = true;
    this.#idleTimer?.set(now + this.#options.idleTimeout);
  }

  /** Closes at once, without a call of the listener. */
  destroy(): void {
    if (this.#phase === 'queued' || this.#phase === 'opening') this.#options.limiter.leave(this);
    this.#phase = 'closed';
    this.#listener = undefined;
    this.#headerTimer?.close();
    this.#idleTimer?.close();
    this.#heldBody?.unsubscribe();
    this.#settle?.unsubscribe();
    this.#socket?.destroy();
  }

  opened(): void {
    this.#phase = 'ready';
    this.#options.limiter.leave(this);
    this.#listener?.opened();
  }

  received(bytes: Uint8Array, length: number): void {
    const listener = this.#listener;
    if (listener === undefined) {
      // Bytes without a request could not be distinguished from the next response.
      this.finished();
      return;
    }
    if (this.#phase === 'settling') {
      this.#conclude(false);
      return;
    }
    const first = this.bytesIn === 0;
    this.bytesIn += length;
    const { parser } = this;
    const used = parser.feed(bytes, 0, length);
    if (first && this.#options.timed) listener.firstBytes();
    if (parser.done) this.#complete(used === length);
    else if (parser.failed) this.#fail(this.#broken());
    else if (parser.answered && this.#phase === 'waiting') {
      this.#phase = 'receiving';
      this.#headerTimer?.clear();
      this.#heldBody?.unsubscribe();
      listener.answered();
    } else if (parser.continued && this.#heldBody !== undefined) this.#sendBody();
  }

  finished(): void {
    if (this.#phase === 'closed') return;
    if (this.#phase === 'settling') {
      this.#conclude(false);
      return;
    }
    if (this.#listener === undefined) {
      this.destroy();
      this.lost(this);
      return;
    }
    if (this.#request === undefined) {
      this.#fail(new ExchangeError(NET_FAILURE.closedEarly, 'the connection was closed while it was being opened'));
      return;
    }
    this.parser.finish();
    if (this.parser.done) this.#complete(false);
    else this.#fail(this.#broken());
  }

  failed(error: Error): void {
    // An error after a complete response, or without a request, only ends the connection.
    if (this.#listener === undefined || this.#phase === 'settling') this.finished();
    else this.#fail(error);
  }

  #write(bytes: Uint8Array, written?: () => void): void {
    this.bytesOut = bytes.length;
    this.#socket?.write(bytes, written);
  }

  #sendBody(): void {
    const request = this.#request;
    this.#heldBody?.unsubscribe();
    if (request === undefined || this.#heldBody === undefined) return;
    this.#heldBody = undefined;
    this.#write(request.bytes.subarray(request.headBytes), this.#written);
    this.bytesOut = request.bytes.length;
  }

  #sent(): void {
    const listener = this.#listener;
    if (listener === undefined || this.#phase !== 'waiting') return;
    this.#headerTimer?.set(this.#options.scheduler.now() + this.#options.headerTimeout);
    if (this.#options.timed) listener.written();
  }

  #headerLate(): void {
    const { headerTimeout } = this.#options;
    const reason = `no response headers within ${headerTimeout}ms`;
    if (this.#listener !== undefined) this.#fail(new ExchangeError(NET_FAILURE.timeout, reason));
  }

  #broken(): ExchangeError {
    const { reason, answered } = this.parser;
    if (!this.parser.failed || reason === 'closed early') return new ExchangeError(NET_FAILURE.closedEarly, reason);
    const short = answered && reason === 'the body is too short';
    return new ExchangeError(short ? NET_FAILURE.bodyTooShort : NET_FAILURE.badResponse, reason);
  }

  /** The response is complete; `clean` when no byte followed it. */
  #complete(clean: boolean): void {
    if (clean && this.#socket?.pending === true) {
      this.#phase = 'settling';
      this.#settle = this.#options.scheduler.schedule(() => this.#conclude(this.#socket?.pending === false));
    } else this.#conclude(clean);
  }

  #conclude(clean: boolean): void {
    this.#settle?.unsubscribe();
    this.#settle = undefined;
    const listener = this.#listener as ExchangeListener;
    const bodySent = this.#heldBody === undefined;
    const reusable = clean && bodySent && this.#request?.close !== true && this.parser.keepAlive;
    this.#phase = 'ready';
    this.#request = undefined;
    this.#headerTimer?.clear();
    listener.complete(reusable);
  }

  #fail(error: unknown): void {
    const listener = this.#listener;
    this.destroy();
    listener?.failed(error);
  }
}
