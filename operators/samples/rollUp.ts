import { ignoreElements, Observable, type OperatorFunction, type SchedulerLike, tap } from 'rxjs';
import { A_FUNCTION, AN_OBJECT, checkArgument } from '../../lib/core/argument.js';
import { ElpisError } from '../../lib/core/errors.js';
import type { TimedSample } from '../../lib/core/sample.js';
import type { EpochMs, Millis } from '../../lib/core/units.js';
import { TAG_LIMIT, type Window } from '../../lib/measure/window.js';
import { WindowRecorder } from '../../lib/measure/windowRecorder.js';
import { realTimeScheduler } from '../../lib/time/realTime.js';

/** Options of {@link rollUp}. */
export interface RollUpOptions<S extends TimedSample = TimedSample> {
  /** Length of a window. Default 1000. */
  readonly everyMs?: Millis;
  /**
   * A moment at which a window starts; all others are whole lengths away. `start`: the moment of subscription.
   * Default 0, the epoch: windows of all pools, threads and machines match.
   */
  readonly origin?: EpochMs | 'start';
  /** The key by which samples are grouped. Default: their tag. */
  readonly key?: (sample: S) => string;
  /**
   * The largest number of tags with their own counts: the first of the subscription, in all windows. Samples of further
   * tags are counted under `(other tags)`. 0: only the total. Default 1000. Each tag needs 16 KiB, and up to 184 KiB
   * for times of an hour.
   */
  readonly tagLimit?: number;
  /** Called once, with the first tag beyond the limit. */
  readonly onTagLimit?: ((tag: string) => void) | undefined;
  /** Default: real time. */
  readonly scheduler?: SchedulerLike;
}

/** A first window that begins late by at most this part of its length is whole: nothing can have happened before it. */
const LATE_START = 0.05;

/** Counts samples in one aligned window after another. Has no timer: each call passes the time. */
class WindowRoller {
  readonly #recorder: WindowRecorder;
  /** Number of the current window, from the origin. */
  #number: number;
  /** When the current window ends. */
  endsAt: EpochMs;

  constructor(
    private readonly everyMs: Millis,
    private readonly origin: EpochMs,
    recorder: WindowRecorder,
    private readonly onWindow: (window: Window) => void,
  ) {
    this.#recorder = recorder;
    this.#number = Math.floor((recorder.from - origin) / everyMs);
    this.endsAt = this.#boundary(this.#number + 1);
  }

  #boundary(number: number): EpochMs {
    return this.origin + number * this.everyMs;
  }

  record(sample: TimedSample, tag: string): void {
    this.#recorder.record(sample, tag);
  }

  /** Ends every window whose time has passed. */
  roll(now: EpochMs): void {
    while (now >= this.endsAt) this.#close(this.endsAt);
  }

  /** Ends all windows, the current one early. */
  end(now: EpochMs): void {
    this.roll(now);
    const { from, used } = this.#recorder;
    if (now > from || used) this.#close(Math.max(now, from));
  }

  #close(to: EpochMs): void {
    const missing = this.#recorder.from - this.#boundary(this.#number);
    const partial = to < this.endsAt || missing > LATE_START * this.everyMs;
    const window = this.#recorder.close(to, { partial });
    // The next window begins before this one is emitted, for receivers that emit a sample in turn.
    this.#number++;
    this.endsAt = this.#boundary(this.#number + 1);
    this.onWindow(window);
  }
}

/**
 * Rolls samples up into a {@link Window} for each span of time: counts, and histograms of the times, in total and by
 * tag.
 *
 * ```text
 * samples                  --s-s----------s--|
 * rollUp({ everyMs: 5 })   -----2----0----0--(1|)     numbers: how many samples the window counted
 * ```
 *
 * - A sample is counted when it arrives, in the window that is open then, so no sample is too late, and each window
 *   is emitted once. A window ends by its timer or, when that is late, by the first sample that ended after the
 *   window.
 * - Windows are aligned to `origin`, so the first may be partial; it is not when less than a twentieth of its length is missing. Each starts where the one before it ended. Empty
 *   ones are emitted too. When the timer is late, all ended windows are emitted, one after another.
 * - Completes with the samples, after the last, partial window. A last window without length and without samples is
 *   not emitted. An error of the samples, or an exception of `key`, is emitted after that window.
 * - Unsubscribing stops the timer and the samples.
 * - Windows are immutable and add up exactly, see {@link mergeWindows}.
 *
 * @param options Length, alignment and tags of the windows.
 * @see `bufferTime` of RxJS, which keeps the values instead of counting them.
 * @throws ElpisError `ELPIS_CONFIG` for a length that is not a number above 0.
 *
 * @example
 * declare const samples: Observable<NetSample>;
 * samples.pipe(rollUp({ everyMs: 1000 })).subscribe((window) => {
 *   console.log(window.total.ended, percentile(window, 99), errorRate(window));
 * });
 */
export function rollUp<S extends TimedSample>(options: RollUpOptions<S> = {}): OperatorFunction<S, Window> {
  checkArgument('rollUp', 'options', options, AN_OBJECT);
  const { everyMs = 1000, origin = 0, tagLimit = TAG_LIMIT, onTagLimit, scheduler = realTimeScheduler } = options;
  const key = options.key ?? ((sample: S): string => sample.tag);
  checkArgument('rollUp', 'key', key, A_FUNCTION);
  if (!(everyMs > 0 && Number.isFinite(everyMs))) {
    const hint = 'give the length of a window in milliseconds';
    throw new ElpisError('ELPIS_CONFIG', `rollUp: everyMs is ${everyMs}, expected a number above 0`, { hint });
  }
  return (samples) =>
    new Observable<Window>((destination) => {
      const from = scheduler.now();
      const recorder = new WindowRecorder({ from, tagLimit, onTagLimit });
      const onWindow = (window: Window): void => destination.next(window);
      const roller = new WindowRoller(everyMs, origin === 'start' ? from : origin, recorder, onWindow);
      const untilNext = (): Millis => Math.max(0, roller.endsAt - scheduler.now());
      const end = (): void => roller.end(scheduler.now());
      destination.add(
        scheduler.schedule(function () {
          roller.roll(scheduler.now());
          this.schedule(undefined, untilNext());
        }, untilNext()),
      );
      const next = (sample: S): void => {
        // A sample that ended before the window's end belongs to it, so the clock need not be read for each sample.
        if (sample.ended >= roller.endsAt) roller.roll(scheduler.now());
        try {
          roller.record(sample, key(sample));
        } catch (error) {
          end();
          throw error;
        }
      };
      samples.pipe(tap({ next, error: end, complete: end }), ignoreElements()).subscribe(destination);
    });
}
