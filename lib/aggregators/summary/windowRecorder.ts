import type { EpochMs } from '../../core/units.js';
import type { NetSample } from '../../protocols/netSample.js';
import { LatencyHistogram } from './latencyHistogram.js';
import type { Measured } from './measured.js';
import type { SummaryProgress, WindowTimes } from './summaryProgress.js';

function timesOf(histogram: LatencyHistogram): WindowTimes {
  const max = histogram.maxValue;
  const at = (percentile: number): number => Math.min(histogram.getValueAtPercentile(percentile), max) / 1000;
  return { p50: at(50), p99: at(99), max: max / 1000 };
}

/** Counts the samples of one window after another, for live progress. */
export class WindowRecorder {
  #shots = 0;
  #failed = 0;
  #badStatus = 0;
  #discarded = 0;
  #unfinished = 0;
  #bytesOut = 0;
  #bytesIn = 0;
  readonly #response = new LatencyHistogram();
  readonly #service = new LatencyHistogram();

  constructor(private since: EpochMs) {}

  record(sample: NetSample, times: Measured): void {
    if (sample.outcome === 'discarded') {
      this.#discarded++;
      return;
    }
    this.#response.record(times.responseUs);
    if (times.shot) this.#service.record(times.serviceUs);
    if (sample.outcome === 'unfinished') {
      this.#unfinished++;
      return;
    }
    this.#shots++;
    this.#bytesOut += sample.bytesOut;
    this.#bytesIn += sample.bytesIn;
    if (sample.netCode !== 0) this.#failed++;
    else if (sample.protoCode >= 400) this.#badStatus++;
  }

  /** Ends the window and begins the next. */
  close(pool: string, at: EpochMs): SummaryProgress {
    const progress: SummaryProgress = {
      kind: 'progress',
      pool,
      at,
      windowMs: at - this.since,
      shots: this.#shots,
      failed: this.#failed,
      badStatus: this.#badStatus,
      discarded: this.#discarded,
      unfinished: this.#unfinished,
      bytesOut: this.#bytesOut,
      bytesIn: this.#bytesIn,
      responseTimeMs: timesOf(this.#response),
      serviceTimeMs: timesOf(this.#service),
    };
    this.since = at;
    this.#shots = this.#failed = this.#badStatus = this.#discarded = this.#unfinished = 0;
    this.#bytesOut = this.#bytesIn = 0;
    this.#response.reset();
    this.#service.reset();
    return progress;
  }
}
