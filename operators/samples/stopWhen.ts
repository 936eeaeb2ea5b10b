import { type MonoTypeOperatorFunction, Observable, type SchedulerLike, Subject, takeWhile, tap } from 'rxjs';
import { defined } from '../../lib/core/defined.js';
import type { TimedSample } from '../../lib/core/sample.js';
import { type RollUpOptions, rollUp } from './rollUp.js';
import { type StopReason, type WhenWindowOptions, type WindowCondition, whenWindow } from './whenWindow.js';

/** How {@link stopWhen} judges and stops. Windows start with the subscription, so that all are whole. */
export interface StopWhenOptions<S extends TimedSample = TimedSample>
  extends Omit<RollUpOptions<S>, 'origin'>,
    WhenWindowOptions {
  /** Called once, when the condition holds, before the samples end. */
  readonly onStop?: ((reason: StopReason) => void) | undefined;
  /**
   * What becomes of the source then. `unsubscribe` ends it at once: shots under way are aborted. `drain` keeps passing its
   * samples until it ends by itself, which `onStop` has to bring about (by the `drain` of `shoot`). Default `unsubscribe`.
   */
  readonly source?: 'unsubscribe' | 'drain';
}

/** What a {@link StoppingOperator} reports. */
export interface StopListener {
  /** The condition holds. */
  stopped(reason: StopReason): void;
  /** The samples are over, and the condition asked for tags that none of them had. */
  missingTags(tags: readonly string[]): void;
}

/** An operator that may end samples early, and can report why. Pools of a config listen to it: see {@link stopWhen}. */
export interface StoppingOperator<S> extends MonoTypeOperatorFunction<S> {
  /**
   * The same operator, which also reports to `listener`.
   *
   * @param scheduler Its clock when it was given none.
   */
  readonly reportingTo: (listener: StopListener, scheduler?: SchedulerLike) => MonoTypeOperatorFunction<S>;
}

function stopping<S extends TimedSample>(
  condition: WindowCondition,
  { windows, onMissingTags, onStop, source = 'unsubscribe', ...rolling }: StopWhenOptions<S>,
): MonoTypeOperatorFunction<S> {
  const roll = rollUp<S>({ ...rolling, origin: 'start' });
  const judge = whenWindow(condition, { ...defined({ windows }), onMissingTags });
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
          tap({ next: count, complete: () => counted.complete() }),
          takeWhile(() => !stopped, true),
        )
        .subscribe(destination);
    });
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
 * - When the condition holds, `onStop` is called with the reason; then the source is unsubscribed from and the stream completes.
 *   With `source: 'drain'` the samples go on, unjudged, until the source ends.
 * - Tags have counts of their own, so the condition may ask for one. At the end `onMissingTags` is called with those that it
 *   asked for and no sample had.
 * - In a pool of a config its clock is that of the run, the reason is also an event of the run (`pool-stopped`) and part of the
 *   summary, and missing tags are a warning. For that the operator itself must stand among the pool's `operators`, not inside a function.
 * - Completion and errors of the source pass through. An exception of the condition, `key`, `onStop` or `onMissingTags` is an
 *   error.
 * - Unsubscribing stops the timer and the source.
 *
 * @param condition Called with each window that is judged.
 * @param options Windows, and what happens when the condition holds.
 * @see `takeWhile` of RxJS, which judges one value at a time.
 * @throws ElpisError `ELPIS_CONFIG` for a length or a number of windows that cannot be.
 *
 * @example
 * declare const shots: Observable<Shot<HttpAmmo>>;
 * declare const gunFactory: GunFactory<HttpAmmo, NetSample>;
 * const drain = new Subject<Millis>();
 * shots.pipe(
 *   shoot(gunFactory, { instances: 50, drain }),
 *   stopWhen((window) => percentile(window, 99, 'response', '/cart') > 250 && 'p99 of /cart over 250 ms', {
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
): StoppingOperator<S> {
  return Object.assign(stopping(condition, options), {
    reportingTo: (listener: StopListener, scheduler?: SchedulerLike) =>
      stopping(condition, {
        ...defined({ scheduler }),
        ...options,
        onStop: (reason) => {
          listener.stopped(reason);
          options.onStop?.(reason);
        },
        onMissingTags: (tags) => {
          listener.missingTags(tags);
          options.onMissingTags?.(tags);
        },
      }),
  });
}
