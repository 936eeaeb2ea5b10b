import type { EpochMs } from '../../core/units.js';
import type { LatencyHistogram } from '../../coreutil/latencyHistogram.js';
import { SampleCounts } from '../../coreutil/sampleCounts.js';
import type { NetSample } from '../../protocols/netSample.js';
import type { Measured } from './measured.js';
import type { SummaryProgress, WindowTimes } from './summaryProgress.js';

function timesOf(histogram: LatencyHistogram): WindowTimes {
  const max = histogram.maxValue;
  const at = (percentile: number): number => Math.min(histogram.getValueAtPercentile(percentile), max) / 1000;
  return { p50: at(50), p99: at(99), max: max / 1000 };
}

/** Counts the samples of one window after another, for live progress. */
export class WindowRecorder {
  readonly #counts = new SampleCounts();

  constructor(private since: EpochMs) {}

  record(sample: NetSample, times: Measured): void {
    this.#counts.record(sample, times);
  }

  /** Ends the window and begins the next. */
  close(pool: string, at: EpochMs): SummaryProgress {
    const { shots, failed, badStatus, discarded, unfinished, bytesOut, bytesIn, response, service } = this.#counts;
    const progress: SummaryProgress = {
      kind: 'progress',
      pool,
      at,
      windowMs: at - this.since,
      shots,
      failed,
      badStatus,
      discarded,
      unfinished,
      bytesOut,
      bytesIn,
      responseTimeMs: timesOf(response),
      serviceTimeMs: timesOf(service),
    };
    this.since = at;
    this.#counts.reset();
    return progress;
  }
}
