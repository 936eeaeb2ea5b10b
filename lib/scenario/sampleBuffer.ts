import type { Subscriber } from 'rxjs';
import type { Metric } from '../core/metric.js';
import type { Millis } from '../core/units.js';
import type { NetFailure } from '../protocols/netFailure.js';
import type { NetSample } from '../protocols/netSample.js';
import type { TransportResponse } from '../protocols/transport.js';

/**
 * A request that has ended, with its response. The checks right after the request can still mark its sample; then the
 * sample is emitted.
 */
export class PendingSample {
  /** Service time of the request. */
  readonly ms: Millis;
  #sample: NetSample | undefined;

  constructor(
    sample: NetSample,
    readonly response: TransportResponse | undefined,
    private readonly offer?: (reason: string) => void,
  ) {
    this.#sample = sample;
    this.ms = sample.ended - sample.started;
  }

  /** Marks the sample as failed and appends the name; false when it has been emitted. */
  fail({ netCode, errorName }: NetFailure): boolean {
    const sample = this.#sample;
    if (sample === undefined) return false;
    this.offer?.(errorName);
    if (sample.netCode === 0) sample.netCode = netCode;
    sample.errorName = sample.errorName === '' ? errorName : `${sample.errorName}, ${errorName}`;
    return true;
  }

  /** Adds a check or a metric to the sample; false when it has been emitted. */
  measure(metric: Metric): boolean {
    this.#sample?.measure(metric);
    return this.#sample !== undefined;
  }

  /** The sample, which cannot be marked after this; undefined when it was taken before. */
  flush(): NetSample | undefined {
    const sample = this.#sample;
    this.#sample = undefined;
    return sample;
  }
}

/** The samples of one run of a scenario that are not emitted yet. */
export class SampleBuffer {
  readonly #open: PendingSample[] = [];

  constructor(private readonly destination: Subscriber<NetSample>) {}

  /** Keeps the sample of a request until the next `flush`. */
  open(exchange: PendingSample): void {
    this.#open.push(exchange);
  }

  /** Emits the samples of all open exchanges. */
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
