import type { Subscriber } from 'rxjs';
import type { Millis } from '../core/units.js';
import type { NetFailure } from '../protocols/netFailure.js';
import type { NetSample } from '../protocols/netSample.js';
import type { TransportResponse } from '../protocols/transport.js';

/**
 * A request that has ended, with its response. Its sample is open for a moment, while the checks right behind the request
 * can still mark it; then it is settled and belongs to whoever counts it.
 */
export class PendingSample {
  /** Service time of the request. */
  readonly ms: Millis;
  #sample: NetSample | undefined;

  constructor(
    sample: NetSample,
    readonly response: TransportResponse | undefined,
  ) {
    this.#sample = sample;
    this.ms = sample.ended - sample.started;
  }

  /** Marks the sample as failed, by every name that it is told; false when it is settled. */
  fail({ netCode, errorName }: NetFailure): boolean {
    const sample = this.#sample;
    if (sample === undefined) return false;
    if (sample.netCode === 0) sample.netCode = netCode;
    sample.errorName = sample.errorName === '' ? errorName : `${sample.errorName}, ${errorName}`;
    return true;
  }

  /** The sample, which nothing marks any more; undefined when it was settled before. */
  flush(): NetSample | undefined {
    const sample = this.#sample;
    this.#sample = undefined;
    return sample;
  }
}

/** The samples of one run of a scenario, on their way out. */
export class SampleBuffer {
  readonly #open: PendingSample[] = [];

  constructor(private readonly destination: Subscriber<NetSample>) {}

  /** The sample of an exchange is to be sent when it is settled. */
  open(exchange: PendingSample): void {
    this.#open.push(exchange);
  }

  /** Sends the samples of all exchanges that are open. */
  flush(): void {
    for (let exchange = this.#open.shift(); exchange !== undefined; exchange = this.#open.shift()) {
      const sample = exchange.flush();
      if (sample !== undefined) this.emit(sample);
    }
  }

  emit(sample: NetSample): void {
    this.destination.next(sample);
  }
}
