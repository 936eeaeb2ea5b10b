import { Observable, type SchedulerLike } from 'rxjs';
import type { Aggregator, Report } from '../../core/aggregator.js';
import type { Log } from '../../core/deps.js';
import type { EpochMs, Millis } from '../../core/units.js';
import type { LatencyHistogram } from '../../measure/latencyHistogram.js';
import { SampleCounts } from '../../measure/sampleCounts.js';
import type { NetSample } from '../../protocols/netSample.js';
import { realTimeScheduler } from '../../time/realTime.js';
import { isNetSample } from '../sample/requireNetSample.js';
import type { SummaryProgress, WindowTimes } from './summaryProgress.js';
import { SummaryRecorder } from './summaryRecorder.js';
import type { PlannedLoad } from './summarySnapshot.js';
import { Measured } from './tagRecorder.js';

function timesOf(histogram: LatencyHistogram): WindowTimes {
  const max = histogram.maxValue;
  const at = (percentile: number): number => Math.min(histogram.getValueAtPercentile(percentile), max) / 1000;
  return { p50: at(50), p99: at(99), max: max / 1000 };
}

/** Counts the samples of one window after another, for live progress. */
class WindowRecorder {
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

/** Options of {@link summary}. */
export interface SummaryOptions {
  /** Name of the pool. Default empty. */
  readonly pool?: string;
  /** What the schedule plans, to set the achieved rate beside it. */
  readonly planned?: PlannedLoad | null;
  /** Most tags told apart; the samples of further ones are counted under `(other tags)`. Default 1000. */
  readonly tagLimit?: number;
  /** Time between progress reports. Default 1000. */
  readonly windowMs?: Millis;
  readonly log?: Pick<Log, 'warn'>;
  /** Default: real time. */
  readonly scheduler?: SchedulerLike;
}

/**
 * Counts everything and keeps nothing: the numbers of a run, per tag and in total.
 *
 * ```text
 * samples            --s-s-s-s-s-s-|
 * summary            ---------p----(F|)     p: SummaryProgress each second, F: SummarySnapshot
 * ```
 *
 * The report's `detail` is a {@link SummaryProgress}, and in the final report a {@link SummarySnapshot}. Samples that are
 * not network samples have no times; they are received and otherwise left out.
 *
 * @example
 * samples.pipe(reportTo(summary({ pool: 'main' }))).subscribe((report) => {
 *   if (isSummarySnapshot(report.detail)) console.log(summaryText([report.detail]));
 * });
 */
export function summary(options: SummaryOptions = {}): Aggregator<unknown> {
  const { pool = '', planned = null, tagLimit = 1000, windowMs = 1000, log } = options;
  const { scheduler = realTimeScheduler } = options;
  return (samples) =>
    new Observable<Report>((subscriber) => {
      const recorder = new SummaryRecorder(tagLimit, (tag) =>
        log?.warn(`more than ${tagLimit} tags: further ones are counted together`, { pool, tag }),
      );
      const window = new WindowRecorder(scheduler.now());
      const times = new Measured();
      let received = 0;
      const report = (final: boolean, detail: unknown): void =>
        subscriber.next({ from: 'summary', received, dropped: 0, final, detail });

      subscriber.add(
        scheduler.schedule(function () {
          report(false, window.close(pool, scheduler.now()));
          this.schedule(undefined, windowMs);
        }, windowMs),
      );
      subscriber.add(
        samples.subscribe({
          next: (sample) => {
            received++;
            if (!isNetSample(sample)) return;
            times.of(sample);
            recorder.record(sample, times);
            window.record(sample, times);
          },
          error: (error: unknown) => subscriber.error(error),
          complete: () => {
            report(true, recorder.snapshot(pool, planned));
            subscriber.complete();
          },
        }),
      );
    });
}
