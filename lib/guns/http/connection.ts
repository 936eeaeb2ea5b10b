import type { SchedulerLike, Subscription } from 'rxjs';
import type { Bytes, EpochMs, Millis } from '../../core/units.js';
import { NET_FAILURE, type NetFailure } from '../../protocols/netFailure.js';
import { LazyTimer } from '../shared/lazyTimer.js';
import type { CaptureRule } from './capture.js';
import type { Connector, HttpSocket, HttpSocketEvents } from './dial/connector.js';
import type { Origin } from './origin.js';
import { ResponseParser } from './parser/responseParser.js';
import type { EncodedRequest } from './request.js';

/** A request that failed for a reason that no error of the system names, such as a response that is no HTTP. */
export class ExchangeError extends Error {
  override readonly name = 'ExchangeError';

  constructor(
    readonly failure: NetFailure,
    message: string,
  ) {
    super(message);
  }
}

/** What a connection tells about the request that it carries. */
export interface ExchangeListener {
  /** The connection is open: it can carry a request. Told once per connection, by the one that opened it. */
  opened(): void;
  /** The operating system has taken the whole request. Told only when the connection times its requests. */
  written(): void;
  /** The first bytes of the response came; `complete` when the rest came with them. */
  firstBytes(): void;
  /** The status is known and the body is still to come. */
  answered(): void;
  /** The response is complete. `reusable` when the connection can carry another request. */
  complete(reusable: boolean): void;
  /** The connection could not be opened or broke, or what came is no HTTP. The connection is closed. */
  failed(error: unknown): void;
}

/** How connections carry requests. */
export interface ConnectionOptions {
  readonly scheduler: SchedulerLike;
  readonly dial: Connector;
  /** From the request written to the head of the response; 0 = no limit. */
  readonly headerTimeout: Millis;
  /** How long an unused connection is kept; 0 = for ever. */
  readonly idleTimeout: Millis;
  /** How long a body waits for 100 Continue. */
  readonly continueTimeout: Millis;
  /** Tell the moment when a request is written; costs a little. */
  readonly timed: boolean;
  readonly capture: CaptureRule;
}

/** One connection, carrying one request at a time. It has a listener while it opens and while it carries a request. */
export class Connection implements HttpSocketEvents {
  readonly parser: ResponseParser;
  /** True when it has carried a request before the present one. */
  reused = false;
  /** Bytes sent and received for the present request. */
  bytesOut: Bytes = 0;
  bytesIn: Bytes = 0;
  readonly #options: ConnectionOptions;
  readonly #wire: HttpSocket;
  readonly #headerTimer: LazyTimer | undefined;
  readonly #idleTimer: LazyTimer | undefined;
  readonly #written: (() => void) | undefined;
  #listener: ExchangeListener | undefined;
  #request: EncodedRequest | undefined;
  #told = false;
  #heldBack: Subscription | undefined;
  /** While it is not yet known that the request was sent whole, although its answer is there. */
  #grace: Subscription | undefined;

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
    this.#wire = options.dial(origin, this);
  }

  /** Sends a request; the listener is told what becomes of it, never before this returns. */
  send(request: EncodedRequest, listener: ExchangeListener): void {
    this.#listener = listener;
    this.#request = request;
    this.#told = false;
    this.bytesIn = 0;
    this.#idleTimer?.clear();
    this.parser.begin(request.forHead, request.heads);
    if (request.expectsContinue && this.#options.continueTimeout > 0) {
      this.#write(request.bytes.subarray(0, request.headBytes));
      this.#heldBack = this.#options.scheduler.schedule(() => this.#sendBody(), this.#options.continueTimeout);
    } else this.#write(request.bytes, this.#written);
  }

  /** The connection stays open without a request. */
  rest(now: EpochMs): void {
    this.#listener = undefined;
    this.reused = true;
    this.#idleTimer?.set(now + this.#options.idleTimeout);
  }

  /** Closes at once; the listener is told nothing. */
  destroy(): void {
    this.#listener = undefined;
    this.#headerTimer?.close();
    this.#idleTimer?.close();
    this.#heldBack?.unsubscribe();
    this.#grace?.unsubscribe();
    this.#wire.destroy();
  }

  opened(): void {
    this.#listener?.opened();
  }

  received(bytes: Uint8Array, length: number): void {
    const listener = this.#listener;
    if (listener === undefined) {
      // Bytes that nobody asked for: whatever comes next could not be told from them.
      this.finished();
      return;
    }
    if (this.#grace !== undefined) {
      this.#complete(false);
      return;
    }
    const first = this.bytesIn === 0;
    this.bytesIn += length;
    const { parser } = this;
    const used = parser.feed(bytes, 0, length);
    if (first && this.#options.timed) listener.firstBytes();
    if (parser.done) this.#complete(used === length);
    else if (parser.failed) this.#fail(this.#broken());
    else if (parser.answered && !this.#told) {
      this.#told = true;
      this.#headerTimer?.clear();
      this.#heldBack?.unsubscribe();
      listener.answered();
    } else if (parser.continued && this.#heldBack !== undefined) this.#sendBody();
  }

  finished(): void {
    if (this.#listener === undefined) {
      this.destroy();
      this.lost(this);
      return;
    }
    if (this.#request === undefined) {
      this.#fail(new ExchangeError(NET_FAILURE.closedEarly, 'the connection was closed while it was being made'));
      return;
    }
    this.parser.finish();
    if (this.parser.done) this.#complete(false);
    else this.#fail(this.#broken());
  }

  failed(error: Error): void {
    if (this.#listener === undefined) this.finished();
    else this.#fail(error);
  }

  #write(bytes: Uint8Array, written?: () => void): void {
    this.bytesOut = bytes.length;
    this.#wire.write(bytes, written);
  }

  #sendBody(): void {
    const request = this.#request;
    this.#heldBack?.unsubscribe();
    if (request === undefined || this.#heldBack === undefined) return;
    this.#heldBack = undefined;
    this.#write(request.bytes.subarray(request.headBytes), this.#written);
    this.bytesOut = request.bytes.length;
  }

  #sent(): void {
    const listener = this.#listener;
    if (listener === undefined || this.#request === undefined || this.parser.answered) return;
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

  #complete(clean: boolean): void {
    const asked = this.#grace !== undefined;
    this.#grace?.unsubscribe();
    this.#grace = undefined;
    if (clean && !asked && this.#wire.pending) {
      // TLS tells a turn late that all is written, which may be after the answer; one turn more, and it is really not.
      this.#grace = this.#options.scheduler.schedule(() => this.#complete(clean));
      return;
    }
    const listener = this.#listener as ExchangeListener;
    const close = this.#request?.close === true;
    const heldBack = this.#heldBack !== undefined;
    this.#request = undefined;
    this.#headerTimer?.clear();
    listener.complete(clean && !close && !heldBack && this.parser.keepAlive && !this.#wire.pending);
  }

  #fail(error: unknown): void {
    const listener = this.#listener;
    this.destroy();
    listener?.failed(error);
  }
}
