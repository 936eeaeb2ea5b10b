import { Observable, of, type SchedulerLike, Subscription } from 'rxjs';
import type { EpochMs, Millis } from '../../core/units.js';
import type { RunEvent } from '../../engine/runEvent.js';
import type { Playback } from '../../engine/runHandle.js';
import { realTimeScheduler } from '../../time/realTime.js';

/** Options of {@link playRecord}. */
export interface PlayOptions {
  /** How many times as fast as the run; above 0. Default 1. */
  readonly speed?: number;
  /** The speed and the pauses over time; it must emit at once. It has priority over `speed`. */
  readonly playback?: Observable<Playback>;
  /** Default: real time. */
  readonly scheduler?: SchedulerLike;
}

/** The time of the record that has been played: it runs at the speed of the playback, and stands still in a pause. */
class PlayedTime {
  #played: Millis = 0;
  #since: EpochMs;
  #rate = 0;

  constructor(private readonly scheduler: SchedulerLike) {
    this.#since = scheduler.now();
  }

  change({ speed, paused }: Playback): void {
    const now = this.scheduler.now();
    this.#played += (now - this.#since) * this.#rate;
    this.#since = now;
    this.#rate = paused ? 0 : speed;
  }

  /** How long it takes until a moment; `Infinity` in a pause, 0 or less when it has passed. */
  until(moment: Millis): Millis {
    const left = moment - this.#played - (this.scheduler.now() - this.#since) * this.#rate;
    return left <= 0 ? 0 : left / this.#rate;
  }
}

/**
 * Plays recorded events again, each at the time that it had after the first one.
 *
 * ```text
 * events               a b c d             as fast as they are read
 * playRecord           a----b----c--d|     by their times, at the speed
 * ```
 *
 * - An event is read when the one before it has been emitted, so a long record needs little memory.
 * - The clock of the run may be that of a rehearsal: only differences of its times count. A time before that of the event before it is that time.
 * - In a pause nothing is emitted, and another speed applies at once, also to the event that is waited for.
 *
 * @example
 * const { events } = await readRecord('./run.elp');
 * playRecord(events(), { speed: 10 }).subscribe(({ type }) => console.log(type));
 */
export function playRecord(
  events: AsyncIterable<RunEvent>,
  { speed = 1, playback = of({ speed, paused: false }), scheduler = realTimeScheduler }: PlayOptions = {},
): Observable<RunEvent> {
  return new Observable<RunEvent>((subscriber) => {
    const time = new PlayedTime(scheduler);
    const iterator = events[Symbol.asyncIterator]();
    let first: EpochMs | undefined;
    let waiting: RunEvent | undefined;
    let timer = Subscription.EMPTY;
    const emitWhenDue = (): void => {
      timer.unsubscribe();
      const event = waiting;
      if (event === undefined) return;
      first ??= event.at;
      const ms = time.until(event.at - first);
      if (ms > 0) {
        if (ms !== Number.POSITIVE_INFINITY) timer = scheduler.schedule(emitWhenDue, ms);
        return;
      }
      waiting = undefined;
      subscriber.next(event);
      draw();
    };
    const draw = (): void => {
      iterator.next().then(
        (next) => {
          if (subscriber.closed) return;
          if (next.done === true) return subscriber.complete();
          waiting = next.value;
          emitWhenDue();
        },
        (error: unknown) => subscriber.error(error),
      );
    };
    subscriber.add(() => {
      timer.unsubscribe();
      void iterator.return?.();
    });
    subscriber.add(
      playback.subscribe((state) => {
        time.change(state);
        emitWhenDue();
      }),
    );
    draw();
  });
}
