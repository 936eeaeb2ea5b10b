import { type MonoTypeOperatorFunction, Observable, Subject, takeWhile, tap } from 'rxjs';
import type { TimedSample } from '../../lib/core/sample.js';
import { type RollUpOptions, rollUp } from './rollUp.js';
import { type Verdict, type WindowCondition, whenWindow } from './whenWindow.js';

/** How {@link stopWhen} judges and stops. Windows start with the subscription, so that all are whole. */
export interface StopWhenOptions<S extends TimedSample = TimedSample> extends Omit<RollUpOptions<S>, 'origin'> {
  /** Most tags told apart in a window. Default 0: the condition is asked about the total only, which is cheapest. */
  readonly tagLimit?: number;
  /** Over how many windows in a row the condition must hold, merged into one. Default 1. */
  readonly windows?: number;
  /** Told once, when the condition holds, before the samples end. */
  readonly onStop?: (verdict: Verdict) => void;
  /**
   * What becomes of the source then. `unsubscribe` ends it at once: shots under way are aborted. `drain` keeps passing its
   * samples until it ends by itself, which `onStop` has to bring about (by the `drain` of `shoot`). Default `unsubscribe`.
   */
  readonly source?: 'unsubscribe' | 'drain';
}

/**
 * Passes samples on until a condition holds over windows of them, then completes: the soft end of a run that has shown enough.
 *
 * ```text
 * samples (response time)                       -20-30--280--270--20-...
 * stopWhen(p99 > 250, { everyMs: 5 })           -20-30--280|
 * ```
 *
 * - Samples pass at once, unchanged. Windows are those of {@link rollUp}, judged as by {@link whenWindow}: each at its end, over
 *   the last `windows` in a row, not before there are so many. The last, partial window is not judged.
 * - A window ends by time, and nothing waits for a sample. When a sample is the first to show that a window is over, it is
 *   passed on before the end.
 * - When the condition holds, `onStop` is told the verdict; then the source is unsubscribed from and the stream completes. With
 *   `source: 'drain'` the samples go on, unjudged, until the source ends.
 * - Completion and errors of the source pass through. An exception of the condition, `key` or `onStop` is an error.
 * - Unsubscribing stops the timer and the source.
 *
 * @throws ElpisError `ELPIS_CONFIG` for a length or a number of windows that can not be.
 *
 * @example
 * declare const shots: Observable<Shot<HttpAmmo>>;
 * declare const gunFactory: GunFactory<HttpAmmo, NetSample>;
 * const drain = new Subject<Millis>();
 * shots.pipe(
 *   shoot(gunFactory, { instances: 50, drain }),
 *   stopWhen((window) => percentile(window, 99) > 250 && 'p99 over 250 ms', {
 *     windows: 10,
 *     source: 'drain',
 *     onStop: ({ reason }) => {
 *       console.log(reason);
 *       drain.next(5000);
 *     },
 *   }),
 *   reportTo(summary()),
 * );
 */
export function stopWhen<S extends TimedSample>(
  condition: WindowCondition,
  options: StopWhenOptions<S> = {},
): MonoTypeOperatorFunction<S> {
  const { windows = 1, onStop, source = 'unsubscribe', tagLimit = 0, ...rolling } = options;
  const roll = rollUp<S>({ ...rolling, tagLimit, origin: 'start' });
  const judge = whenWindow(condition, { windows });
  return (samples) =>
    new Observable<S>((destination) => {
      const counted = new Subject<S>();
      let underWay = 0;
      let stopped = false;
      const error = (cause: unknown): void => destination.error(cause);
      const next = (): void => {
        stopped = source === 'unsubscribe';
        // A sample that is under way is passed on first, and ends the stream then.
        if (stopped && underWay === 0) destination.complete();
      };
      destination.add(counted.pipe(roll, judge, tap(onStop)).subscribe({ next, error }));
      const count = (sample: S): void => {
        underWay++;
        counted.next(sample);
        underWay--;
      };
      samples
        .pipe(
          tap(count),
          takeWhile(() => !stopped, true),
        )
        .subscribe(destination);
    });
}
