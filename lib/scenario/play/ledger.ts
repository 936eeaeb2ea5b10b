import type { Subscriber } from 'rxjs';
import type { NetSample } from '../../protocols/netSample.js';
import type { OpenExchange } from './openExchange.js';

/** The samples of one run of a scenario, on their way out. */
export class Ledger {
  readonly #open: OpenExchange[] = [];

  constructor(private readonly destination: Subscriber<NetSample>) {}

  /** The sample of an exchange is to be sent when it is settled. */
  open(exchange: OpenExchange): void {
    this.#open.push(exchange);
  }

  /** Sends the samples of all exchanges that are open. */
  settle(): void {
    for (let exchange = this.#open.shift(); exchange !== undefined; exchange = this.#open.shift()) {
      const sample = exchange.settle();
      if (sample !== undefined) this.emit(sample);
    }
  }

  /** Sends a sample; when nobody listens any more it is released. */
  emit(sample: NetSample): void {
    if (this.destination.closed) sample.release();
    else this.destination.next(sample);
  }
}
