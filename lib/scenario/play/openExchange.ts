import type { Millis } from '../../core/units.js';
import type { NetFailure } from '../../protocols/netFailure.js';
import type { NetSample } from '../../protocols/netSample.js';
import type { TransportResponse } from '../../protocols/transportResponse.js';

/**
 * A request that has ended, with its response. Its sample is open for a moment, while the checks right behind the request
 * can still mark it; then it is settled and belongs to whoever counts it.
 */
export class OpenExchange {
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
  mark({ netCode, errorName }: NetFailure): boolean {
    const sample = this.#sample;
    if (sample === undefined) return false;
    if (sample.netCode === 0) sample.netCode = netCode;
    sample.errorName = sample.errorName === '' ? errorName : `${sample.errorName}, ${errorName}`;
    return true;
  }

  /** The sample, which nothing marks any more; undefined when it was settled before. */
  settle(): NetSample | undefined {
    const sample = this.#sample;
    this.#sample = undefined;
    return sample;
  }
}
