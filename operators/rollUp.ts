import { ignoreElements, Observable, type OperatorFunction, tap } from 'rxjs';
import { ElpisError } from '../lib/core/errors.js';
import type { TimedSample } from '../lib/core/timedSample.js';
import type { Millis } from '../lib/core/units.js';
import { realTimeScheduler } from '../lib/coreutil/realTimeScheduler.js';
import type { RollUpOptions } from './rollUpOptions.js';
import type { Window } from './window.js';
import { WindowRoller } from './windowRoller.js';

/**
 * Rolls samples up into windows of equal length: counts, and histograms of response and service time, in total and by tag.
 *
 * ```text
 * samples                  --s-s----------s--|
 * rollUp({ everyMs: 5 })   -----2----0----0--(1|)     numbers: how many samples the window counted
 * ```
 *
 * - A sample is counted when it arrives: in the window with `startsAt <= now < endsAt`. So nothing is ever late, and each window
 *   is sent once, at its end. It is read at once and never kept: pooled samples may be released afterwards.
 * - Windows are aligned to `origin`, so the first may be partial. Each starts where the one before it ended. An empty one is
 *   sent too; when the timer is late, all that are over are sent, one after another.
 * - Completes with the samples, after the last, partial window; one without length and without samples is not sent. An error
 *   of the samples, or an exception of `key`, is passed on after that window.
 * - Unsubscribing stops the timer and the samples.
 * - Windows add up exactly, see {@link mergeWindows}. They belong to whoever gets them.
 *
 * @throws ElpisError `ELPIS_CONFIG` for a length that is not a number above 0.
 *
 * @example
 * declare const samples: Observable<NetSample>;
 * samples.pipe(rollUp({ everyMs: 1000 })).subscribe((window) => {
 *   console.log(window.total.shots, percentile(window, 99), errorRate(window));
 * });
 */
export function rollUp<S extends TimedSample>(options: RollUpOptions<S> = {}): OperatorFunction<S, Window> {
  const { everyMs = 1000, origin = 0, tagLimit = 100, scheduler = realTimeScheduler } = options;
  const key = options.key ?? ((sample: S): string => sample.tag);
  if (!(everyMs > 0 && Number.isFinite(everyMs))) {
    const hint = 'give the length of a window in milliseconds';
    throw new ElpisError('ELPIS_CONFIG', `rollUp: everyMs is ${everyMs}, expected a number above 0`, { hint });
  }
  return (samples) =>
    new Observable<Window>((destination) => {
      const now = scheduler.now();
      const onWindow = (window: Window): void => destination.next(window);
      const roller = new WindowRoller(everyMs, origin === 'start' ? now : origin, tagLimit, now, onWindow);
      const untilNext = (): Millis => Math.max(0, roller.endsAt - scheduler.now());
      const end = (): void => roller.end(scheduler.now());
      destination.add(
        scheduler.schedule(function () {
          roller.roll(scheduler.now());
          this.schedule(undefined, untilNext());
        }, untilNext()),
      );
      const next = (sample: S): void => {
        roller.roll(scheduler.now());
        roller.record(sample, key(sample));
      };
      samples.pipe(tap(next), tap({ error: end, complete: end }), ignoreElements()).subscribe(destination);
    });
}
