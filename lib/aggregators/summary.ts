import { concat, defer, filter, map, of, type SchedulerLike, tap } from 'rxjs';
import { rollUp } from '../../operators/samples/rollUp.js';
import type { Aggregator, Report } from '../core/aggregator.js';
import type { Log } from '../core/deps.js';
import type { TimedSample } from '../core/sample.js';
import type { Millis } from '../core/units.js';
import { isTimedSample } from '../measure/sampleTimes.js';
import { type PlannedLoad, summaryOf } from '../measure/summary.js';
import { emptyWindow, mergeWindows, TAG_LIMIT, type Window } from '../measure/window.js';
import { realTimeScheduler } from '../time/realTime.js';

/** Options of {@link summary}. */
export interface SummaryOptions {
  /** Name of the pool. Default empty. */
  readonly pool?: string;
  /** The plan of the schedule, to compare the achieved rate with it. */
  readonly planned?: PlannedLoad | null;
  /**
   * The largest number of tags with their own counts; samples of further tags are counted under `(other tags)`. Default
   * 1000.
   */
  readonly tagLimit?: number;
  /** Length of a window, which is also the time between progress reports, in milliseconds. Default 1000. */
  readonly windowMs?: Millis;
  readonly log?: Pick<Log, 'warn'>;
  /** Default: real time. */
  readonly scheduler?: SchedulerLike;
}

/**
 * Counts samples without keeping them: the numbers of a run, per tag and in total.
 *
 * ```text
 * samples            --s-s-s-s-s-s-|
 * summary            ---------w----(wF|)     w: Window each second, F: SummarySnapshot
 * ```
 *
 * The report's `detail` is a {@link Window}, and in the final report the {@link SummarySnapshot} of all windows.
 * Samples that are not network samples have no times and are not counted.
 *
 * @example
 * samples.pipe(reportTo(summary({ pool: 'main' }))).subscribe((report) => {
 *   if (isSummarySnapshot(report.detail)) console.log(summaryText([report.detail]));
 * });
 */
export function summary(options: SummaryOptions = {}): Aggregator<unknown> {
  const { pool = '', planned = null, tagLimit = TAG_LIMIT, windowMs = 1000, log } = options;
  const { scheduler = realTimeScheduler } = options;
  const onTagLimit = (tag: string): void =>
    log?.warn(`more than ${tagLimit} tags: further ones are counted together`, { pool, tag });
  return (samples) =>
    defer(() => {
      let received = 0;
      let whole: Window = emptyWindow(scheduler.now());
      const report = (detail: unknown, final: boolean): Report => ({
        from: 'summary',
        received,
        dropped: 0,
        final,
        detail,
      });
      const windows = samples.pipe(
        filter((sample): sample is TimedSample => {
          received++;
          return isTimedSample(sample);
        }),
        rollUp({ everyMs: windowMs, origin: 'start', tagLimit, onTagLimit, scheduler }),
        tap((window) => {
          whole = mergeWindows(whole, window);
        }),
        map((window) => report(window, false)),
      );
      return concat(
        windows,
        defer(() => of(report(summaryOf(whole, { pool, planned }), true))),
      );
    });
}
