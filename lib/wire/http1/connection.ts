import type { Subscription } from 'rxjs';
import type { ConnectionEnd } from '../../core/connections.js';
import type { Bytes, EpochMs } from '../../core/units.js';
import { NET_FAILURE } from '../../protocols/netFailure.js';
import type { Deadline } from '../../time/deadlineQueue.js';
import { LazyTimer } from '../../time/lazyTimer.js';
import type { ConnectWaiter } from '../dial/connectLimiter.js';
import type { HttpSocket, HttpSocketEvents } from '../dial/connector.js';
import type { Origin } from '../dial/origin.js';
import { ExchangeError } from '../exchangeError.js';
import type { ConnectionOptions } from './connectionOptions.js';
import type { ExchangeListener } from './exchangeListener.js';
import { ResponseParser } from './parser/responseParser.js';
import type { EncodedRequest } from './request.js';

/**
 * The phases of a connection:
 *
 * ```text
 * queued -> opening -> ready -> waiting -> receiving -> ready -> ... -> closed
 *                                     \-> settling -/
 * ```
 *
 * - `queued`: waits for the `ConnectLimiter`.
 * - `opening`: TCP and TLS handshakes are under way.
 * - `ready`: open, and carries no request.
 * - `waiting`: a request was sent; the head of its response is not complete.
 * - `receiving`: the head is complete; the body is not.
 * - `settling`: the response is complete, but the socket has not reported that the request was written. TLS reports that one
 *   turn of the event loop late, which may be after the response; if it is still not written one turn later, the server
 *   responded without reading the whole request, and the connection cannot carry another.
 * - `closed`.
 */
type Phase = 'queued' | 'opening' | 'ready' | 'waiting' | 'receiving' | 'settling' | 'closed';

/** One connection, which carries one request at a time. It has a listener while it opens and while it carries a request. */
export class Connection implements HttpSocketEvents, ConnectWaiter, Deadline {
  deadline: EpochMs = 0;
  earlier: Deadline | undefined = undefined;
  later: Deadline | undefined = undefined;
  readonly parser: ResponseParser;
  /** True when it was open before the shot that carries the current request. */
  kept = false;
  /** True when it is opened before a shot needs it: when it fails, the shot opens another, which is counted. */
  early = false;
  /** Bytes sent and received for the current request. */
  bytesOut: Bytes = 0;
  bytesIn: Bytes = 0;
  readonly #options: ConnectionOptions;
  readonly #headerTimer: LazyTimer | undefined;
  readonly #bodyTimer: LazyTimer | undefined;
  readonly #written: (() => void) | undefined;
  #phase: Phase = 'queued';
  #socket: HttpSocket | undefined;
  #listener: ExchangeListener | undefined;
  #request: EncodedRequest | undefined;
  /** Whether it has carried a request. */
  #carried = false;
  /** The timer of a body that waits for 100 Continue. */
  #heldBody: Subscription | undefined;
  #settle: Subscription | undefined;

  /** @param lost Called when the connection ends without a request. */
  constructor(
    readonly origin: Origin,
    options: ConnectionOptions,
    listener: ExchangeListener,
    readonly lost: (connection: Connection) => void,
  ) {
    const { scheduler, headerTimeout, bodyIdleTimeout } = options;
    this.#options = options;
    this.#listener = listener;
    this.parser = new ResponseParser(options.capture);
    this.#headerTimer = headerTimeout > 0 ? new LazyTimer(scheduler, () => this.#headerLate()) : undefined;
    this.#bodyTimer = bodyIdleTimeout > 0 ? new LazyTimer(scheduler, () => this.#bodyLate()) : undefined;
    this.#written = options.timed || headerTimeout > 0 ? () => this.#sent() : undefined;
    options.limiter.enter(this);
  }

  admitted(): void {
    this.#phase = 'opening';
    try {
      this.#socket = this.#options.connect(this.origin, this);
    } catch (error) {
      // Not at once, because the constructor or the end of another connection may admit this one.
      this.#options.scheduler.schedule(() => this.failed(error as Error));
    }
  }

  /** Sends a request. The listener is called with the result, after this returns. */
  send(request: EncodedRequest, listener: ExchangeListener): void {
    this.#listener = listener;
    this.#request = request;
    this.#phase = 'waiting';
    if (this.#carried) this.#options.connections?.reused();
    this.#carried = true;
    this.bytesIn = 0;
    this.#options.unused?.remove(this);
    this.parser.begin(request.forHead, request.heads);
    if (request.expectsContinue && this.#options.continueTimeout > 0) {
      this.#write(request.bytes.subarray(0, request.headBytes));
      this.#heldBody = this.#options.scheduler.schedule(() => this.#sendBody(), this.#options.continueTimeout);
    } else this.#write(request.bytes, this.#written);
  }

  /** Keeps the connection open without a request. */
  rest(now: EpochMs): void {
    this.#listener = undefined;
    this.kept = true;
    this.#options.unused?.add(this, now);
  }

  /**
   * Passes a connection that is opening to another listener. A connection that waits to be opened is closed.
   *
   * @returns False when it was closed.
   */
  leaveTo(listener: ExchangeListener): boolean {
    if (this.#phase === 'queued') this.destroy();
    else this.#listener = listener;
    return this.#phase !== 'closed';
  }

  /** Closes at once, without a call of the listener. @param by Why, for the counts. */
  destroy(by: ConnectionEnd = 'generator'): void {
    if (this.#phase === 'queued' || this.#phase === 'opening') this.#options.limiter.leave(this);
    else if (this.#phase !== 'closed') this.#options.connections?.closed(by);
    this.#phase = 'closed';
    this.#listener = undefined;
    this.#headerTimer?.close();
    this.#bodyTimer?.close();
    this.#options.unused?.forget(this);
    this.#heldBody?.unsubscribe();
    this.#settle?.unsubscribe();
    this.#socket?.destroy();
  }

  /** It was unused for too long. */
  expired(): void {
    this.#lose('generator');
  }

  opened(): void {
    this.#phase = 'ready';
    this.#options.limiter.leave(this);
    this.#options.connections?.opened(this.#socket?.phases);
    this.#listener?.opened();
  }

  received(bytes: Uint8Array, length: number): void {
    const listener = this.#listener;
    if (listener === undefined) {
      // Bytes without a request could not be distinguished from the next response.
      this.#options.counters.strays++;
      this.#lose('generator');
      return;
    }
    if (this.#phase === 'settling') {
      this.#options.counters.strays++;
      this.#conclude(false);
      return;
    }
    const first = this.bytesIn === 0;
    this.bytesIn += length;
    const { parser } = this;
    const used = parser.feed(bytes, 0, length);
    if (first && this.#options.timed) listener.firstBytes();
    if (parser.done) {
      // The bytes after a 101 are another protocol.
      if (used < length && parser.status !== 101) this.#options.counters.strays++;
      this.#complete(used === length);
      return;
    }
    if (parser.failed) this.#fail(this.#broken());
    else if (parser.responded && this.#phase === 'waiting') {
      this.#phase = 'receiving';
      this.#headerTimer?.clear();
      this.#heldBody?.unsubscribe();
      listener.responded();
    } else if (parser.continued && this.#heldBody !== undefined) this.#sendBody();
    if (this.#bodyTimer !== undefined && this.#phase === 'receiving') this.#awaitBody(this.#bodyTimer);
  }

  finished(): void {
    if (this.#phase === 'closed') return;
    if (this.#phase === 'settling') {
      this.#conclude(false);
      return;
    }
    if (this.#listener === undefined) {
      this.#lose('target');
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
    // An error after a complete response or without a request only ends the connection.
    if (this.#listener === undefined || this.#phase === 'settling') this.finished();
    else this.#fail(error);
  }

  /** Ends without a request. */
  #lose(by: ConnectionEnd): void {
    this.destroy(by);
    this.lost(this);
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
    if (this.#listener !== undefined) this.#fail(new ExchangeError(NET_FAILURE.timeout, reason), 'generator');
  }

  #awaitBody(timer: LazyTimer): void {
    timer.set(this.#options.scheduler.now() + this.#options.bodyIdleTimeout);
  }

  #bodyLate(): void {
    const reason = `no byte of the body within ${this.#options.bodyIdleTimeout}ms`;
    if (this.#phase === 'receiving') this.#fail(new ExchangeError(NET_FAILURE.timeout, reason), 'generator');
  }

  #broken(): ExchangeError {
    const { reason, responded } = this.parser;
    if (!this.parser.failed || reason === 'closed early') return new ExchangeError(NET_FAILURE.closedEarly, reason);
    const short = responded && reason === 'the body is too short';
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
    this.#bodyTimer?.clear();
    listener.complete(reusable);
  }

  #fail(error: unknown, by: ConnectionEnd = 'broken'): void {
    const listener = this.#listener;
    const opening = this.#phase === 'queued' || this.#phase === 'opening';
    if (opening && !this.early) this.#options.connections?.failed();
    this.destroy(by);
    listener?.failed(error);
  }
}
