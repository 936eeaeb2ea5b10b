import {
  type MonoTypeOperatorFunction,
  Observable,
  type Observer,
  type OperatorFunction,
  type SchedulerLike,
  Subject,
  takeWhile,
  tap,
} from 'rxjs';
import { A_FUNCTION, checkArgument } from '../../lib/core/argument.js';
import { defined } from '../../lib/core/defined.js';
import type { TimedSample } from '../../lib/core/sample.js';
import type { EpochMs } from '../../lib/core/units.js';
import type { Window } from '../../lib/measure/window.js';
import { type RollUpOptions, rollUp } from './rollUp.js';
import { type StopReason, type WhenWindowOptions, type WindowCondition, whenWindow } from './whenWindow.js';

/** Options of {@link stopWhen}. Windows start with the subscription, so that all are whole. */
export interface StopWhenOptions<S extends TimedSample = TimedSample>
  extends Omit<RollUpOptions<S>, 'origin'>,
    WhenWindowOptions {
  /** Called once, when the condition holds, before the samples end. */
  readonly onStop?: ((reason: StopReason) => void) | undefined;
  /**
   * The end of the source. `unsubscribe` ends it at once: shots under way are aborted. With `drain` its samples pass
   * until it ends by itself, which `onStop` must cause (by the `drain` of `shoot`). Default `unsubscribe`.
   */
  readonly source?: 'unsubscribe' | 'drain';
}

/** Receives the results of a {@link StoppingOperator}. */
export interface StopListener {
  /**
   * The condition holds.
   *
   * @param source The end of the source: see `source` of {@link StopWhenOptions}.
   */
  stopped(reason: StopReason, source: 'unsubscribe' | 'drain'): void;
  /** The samples have ended, and the condition named tags that none of them had. */
  missingTags(tags: readonly string[]): void;
}

/** The start of the windows of a {@link StoppingOperator}, and its clock when its options have none. */
export interface CountingOptions {
  readonly scheduler?: SchedulerLike;
  /** A moment at which a window starts. Default: the moment of subscription. */
  readonly origin?: EpochMs | undefined;
}

/**
 * An operator that may end samples early and report the reason. The pools of a config use its parts instead of the
 * operator, so that the pool ends as after a drain, and the windows of all shares of a run (threads) are judged
 * together.
 */
export interface StoppingOperator<S> extends MonoTypeOperatorFunction<S> {
  /**
   * The same operator, but when the condition holds it calls `listener`, which must end the source. Samples pass
   * until the source ends.
   *
   * @param scheduler Its clock when its options have none.
   */
  readonly reportingTo: (listener: StopListener, scheduler?: SchedulerLike) => MonoTypeOperatorFunction<S>;
  /** Passes all samples, and sends their windows to `windows`, without judging them. */
  readonly counting: (
    windows: Pick<Observer<Window>, 'next' | 'complete'>,
    options?: CountingOptions,
  ) => MonoTypeOperatorFunction<S>;
  /** Judges windows that were counted elsewhere, such as those of several threads, merged. */
  readonly judging: (listener: StopListener) => OperatorFunction<Window, StopReason>;
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
        // A sample that is being emitted passes first, and then ends the stream.
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

/** Passes samples and sends their windows to an observer. */
function counting<S extends TimedSample>(
  roll: OperatorFunction<S, Window>,
  { next, complete }: Pick<Observer<Window>, 'next' | 'complete'>,
): MonoTypeOperatorFunction<S> {
  return (samples) =>
    new Observable<S>((destination) => {
      const counted = new Subject<S>();
      const error = (cause: unknown): void => destination.error(cause);
      destination.add(counted.pipe(roll).subscribe({ next, complete, error }));
      samples
        .pipe(tap({ next: (sample) => counted.next(sample), complete: () => counted.complete() }))
        .subscribe(destination);
    });
}

/**
 * Passes samples until a condition holds over windows of them, then completes.
 *
 * ```text
 * samples (response time)                       -20-30--280--270--20-...
 * stopWhen(p99 > 250, { everyMs: 5 })           -20-30--280|
 * ```
 *
 * - Samples pass at once, unchanged. Windows are those of {@link rollUp}, judged as by {@link whenWindow}: each at its end, over
 *   the last `windows` in a row, not before there are so many. The last, partial window is not judged.
 * - A window ends by time, without waiting for a sample. The first sample after a window passes before the end.
 * - When the condition holds, `onStop` is called with the reason; then the source is unsubscribed from and the stream completes.
 *   With `source: 'drain'` the samples continue, unjudged, until the source ends.
 * - Tags have their own counts, so the condition may use one. At the end `onMissingTags` is called with the tags that
 *   it used and no sample had.
 * - In a pool of a config its clock is the clock of the run. The pool ends as after a drain with limit 0, so shots
 *   under way are recorded as unfinished. The reason is also an event of the run (`pool-stopped`) and part of the
 *   summary; missing tags are a warning. The windows of several threads are merged and judged once, and all threads
 *   stop at the same time. This requires that the operator itself is among the pool's `operators`, not inside a
 *   function.
 * - Completion and errors of the source pass through. An exception of the condition, `key`, `onStop` or `onMissingTags` is an
 *   error.
 * - Unsubscribing stops the timer and the source.
 *
 * @param condition Called with each window that is judged.
 * @param options Windows, and what happens when the condition holds.
 * @see `takeWhile` of RxJS, which judges one value at a time.
 * @throws ElpisError `ELPIS_CONFIG` for an invalid length or number of windows.
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
  checkArgument('stopWhen', 'condition', condition, A_FUNCTION);
  const { windows, onMissingTags, onStop, source = 'unsubscribe', ...rolling } = options;
  const reporting = (listener: StopListener): Required<Pick<StopWhenOptions, 'onStop' | 'onMissingTags'>> => ({
    onStop: (reason) => {
      listener.stopped(reason, source);
      onStop?.(reason);
    },
    onMissingTags: (tags) => {
      listener.missingTags(tags);
      onMissingTags?.(tags);
    },
  });
  return Object.assign(stopping(condition, options), {
    reportingTo: (listener: StopListener, scheduler?: SchedulerLike) =>
      stopping(condition, {
        ...defined({ scheduler }),
        ...options,
        ...reporting(listener),
        source: 'drain',
      }),
    counting: (
      observer: Pick<Observer<Window>, 'next' | 'complete'>,
      { scheduler, origin }: CountingOptions = {},
    ): MonoTypeOperatorFunction<S> => {
      const clock = defined({ scheduler });
      const roll = rollUp<S>({ ...clock, ...rolling, origin: origin ?? 'start' });
      return counting(roll, observer);
    },
    judging: (listener: StopListener): OperatorFunction<Window, StopReason> => {
      const { onStop: stopped, onMissingTags: missing } = reporting(listener);
      const judge = whenWindow(condition, {
        ...defined({ windows }),
        onMissingTags: missing,
      });
      return (counted) => counted.pipe(judge, tap(stopped));
    },
  });
}
