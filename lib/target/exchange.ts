import type { IncomingMessage, ServerResponse } from 'node:http';
import { type SchedulerLike, Subscription } from 'rxjs';
import type { Random } from '../core/deps.js';
import type { Millis } from '../core/units.js';
import type { Shop } from './shop/shop.js';
import type { StatsRecorder } from './stats.js';

/** One request at the target, and the methods to respond to it. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Seeded; shared by all exchanges. */
  readonly random: Random;
  /** The state behind `/login`, `/cart` and `/order`; shared by all exchanges. */
  readonly shop: Shop;
  /** Writes a head with this status and these raw headers (name, value, name, value...), and counts the response. */
  head(status: number, headers: readonly string[]): void;
  /** Writes a complete response. */
  respond(status: number, body: string | Uint8Array, type?: string): void;
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

/** An exchange over node's HTTP server. */
export class HttpExchange implements Exchange {
  #timer = Subscription.EMPTY;

  constructor(
    readonly request: IncomingMessage,
    readonly response: ServerResponse,
    private readonly context: ExchangeContext,
  ) {
    response.once('close', () => {
      this.#timer.unsubscribe();
      context.recorder.ended(response.writableFinished);
    });
  }

  get random(): Random {
    return this.context.random;
  }

  get shop(): Shop {
    return this.context.shop;
  }

  head(status: number, headers: readonly string[]): void {
    this.context.recorder.responded(status);
    this.response.writeHead(status, headers as string[]);
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
