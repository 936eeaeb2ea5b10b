import type { EpochMs } from '../../core/units.js';
import type { NetSample } from '../../protocols/netSample.js';

/** The moments of a request that phout's trace columns need. A phase that did not happen is 0. */
export class StreamTimes {
  acquired: EpochMs = 0;
  written: EpochMs = 0;

  /** @param wanted When a stream was asked for. */
  constructor(readonly wanted: EpochMs) {}

  /** Sets the columns. The head arrives in one frame, so that receiving it takes no time. */
  record(sample: NetSample, headersAt: EpochMs): void {
    const between = (from: EpochMs, to: EpochMs): number => (from > 0 && to > from ? to - from : 0);
    sample.connectTime = between(this.wanted, this.acquired);
    sample.sendTime = between(this.acquired, this.written);
    sample.latency = between(this.written, headersAt);
  }
}
