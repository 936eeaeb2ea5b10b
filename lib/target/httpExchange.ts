import type { IncomingMessage, ServerResponse } from 'node:http';
import { type SchedulerLike, Subscription } from 'rxjs';
import type { Random } from '../core/deps.js';
import type { Millis } from '../core/units.js';
import type { Exchange } from './exchange.js';
import type { Shop } from './shop/shop.js';
import type { StatsRecorder } from './statsRecorder.js';

/** What all exchanges of a target share. */
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
    this.context.recorder.answered(status);
    this.response.writeHead(status, headers as string[]);
  }

  answer(status: number, body: string | Uint8Array, type = 'text/plain'): void {
    this.head(status, ['Content-Type', type, 'Content-Length', String(Buffer.byteLength(body))]);
    this.response.end(body);
  }

  later(delay: Millis, work: () => void): void {
    this.#timer.unsubscribe();
    this.#timer = this.context.scheduler.schedule(work, delay);
  }
}
