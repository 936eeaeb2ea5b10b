import { constants } from 'node:http2';
import { type SchedulerLike, Subscription } from 'rxjs';
import type { Random } from '../core/deps.js';
import type { Millis } from '../core/units.js';
import type { TargetRequest, TargetResponse } from './protocols.js';
import type { Shop } from './shop/shop.js';
import type { StatsRecorder } from './stats.js';

/** One request at the target, and the methods to respond to it. */
export interface Exchange {
  readonly request: TargetRequest;
  readonly response: TargetResponse;
  /** Seeded; shared by all exchanges. */
  readonly random: Random;
  /** The state behind `/login`, `/cart` and `/order`; shared by all exchanges. */
  readonly shop: Shop;
  /** Writes a head with this status and these raw headers (name, value, name, value...), and counts the response. */
  head(status: number, headers: readonly string[]): void;
  /** Writes a complete response. */
  respond(status: number, body: string | Uint8Array, type?: string): void;
  /** Closes the connection in order, without a response. */
  close(): void;
  /** Resets the connection, or the stream of HTTP/2, without a response. */
  reset(): void;
  /** Calls `work` after a delay, unless the exchange has ended by then. */
  later(delay: Millis, work: () => void): void;
}

/** The state that all exchanges of a target share. */
export interface ExchangeContext {
  readonly recorder: StatsRecorder;
  readonly scheduler: SchedulerLike;
  readonly random: Random;
  readonly shop: Shop;
}

/** Headers about the connection, which HTTP/2 does not have. */
const OF_CONNECTION = new Set(['connection', 'transfer-encoding']);

/** An exchange over the HTTP servers of node. */
export class HttpExchange implements Exchange {
  #timer = Subscription.EMPTY;

  constructor(
    readonly request: TargetRequest,
    readonly response: TargetResponse,
    private readonly context: ExchangeContext,
  ) {
    const whole = this.#whole();
    response.once('close', () => {
      this.#timer.unsubscribe();
      context.recorder.ended(whole());
    });
  }

  /** A function that returns true when the response has been sent. */
  #whole(): () => boolean {
    const { response } = this;
    if (!('stream' in response)) return () => response.writableFinished;
    // The response has no stream any more when it is closed.
    const { stream } = response;
    return () => response.writableEnded && stream.rstCode === constants.NGHTTP2_NO_ERROR;
  }

  get random(): Random {
    return this.context.random;
  }

  get shop(): Shop {
    return this.context.shop;
  }

  head(status: number, headers: readonly string[]): void {
    const { response } = this;
    this.context.recorder.responded(status);
    if (!('stream' in response)) {
      response.writeHead(status, headers as string[]);
      return;
    }
    for (let i = 0; i < headers.length; i += 2) {
      const name = (headers[i] as string).toLowerCase();
      if (!OF_CONNECTION.has(name)) response.appendHeader(name, headers[i + 1] as string);
    }
    response.writeHead(status);
  }

  close(): void {
    const { request, response } = this;
    // Bytes left unread would turn the orderly close into a reset.
    if (!('stream' in response)) request.once('end', () => request.socket.destroySoon()).resume();
    else response.stream.session?.destroy();
  }

  reset(): void {
    const { request, response } = this;
    if (!('stream' in response)) request.socket.resetAndDestroy();
    else response.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  }

  respond(status: number, body: string | Uint8Array, type = 'text/plain'): void {
    this.head(status, ['Content-Type', type, 'Content-Length', String(Buffer.byteLength(body))]);
    this.response.end(body);
  }

  later(delay: Millis, work: () => void): void {
    this.#timer.unsubscribe();
    this.#timer = this.context.scheduler.schedule(work, delay);
  }
}

/** Meaning and bounds of one number in a path. */
export interface RouteParameter {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** True when a fraction is allowed. Default false. */
  readonly fraction?: boolean;
}

/** One behaviour of the target, chosen by the first segment of the path: `/delay/250`. */
export interface Route {
  readonly parameters: readonly RouteParameter[];
  /** Called with one number per parameter, each within its bounds. */
  handle(exchange: Exchange, ...numbers: number[]): void;
}
