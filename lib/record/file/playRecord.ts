import { Observable, type SchedulerLike } from 'rxjs';
import type { EpochMs } from '../../core/units.js';
import type { RunEvent } from '../../engine/runEvent.js';
import { realTimeScheduler } from '../../time/realTime.js';

/** Options of {@link playRecord}. */
export interface PlayOptions {
  /** How many times as fast as the run; above 0. Default 1. */
  readonly speed?: number;
  /** Default: real time. */
  readonly scheduler?: SchedulerLike;
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
 *
 * @example
 * const { events } = await readRecord('./run.elp');
 * playRecord(events(), { speed: 10 }).subscribe(({ type }) => console.log(type));
 */
export function playRecord(
  events: AsyncIterable<RunEvent>,
  { speed = 1, scheduler = realTimeScheduler }: PlayOptions = {},
): Observable<RunEvent> {
  return new Observable<RunEvent>((subscriber) => {
    const begun = scheduler.now();
    let first: EpochMs | undefined;
    const wait = (event: RunEvent): number => {
      first ??= event.at;
      return begun + (event.at - first) / speed - scheduler.now();
    };
    const iterator = events[Symbol.asyncIterator]();
    const draw = (): void => {
      iterator.next().then(
        (next) => {
          if (subscriber.closed) return;
          if (next.done === true) return subscriber.complete();
          const { value } = next;
          const ms = wait(value);
          const emit = (): void => {
            subscriber.next(value);
            draw();
          };
          if (ms > 0) subscriber.add(scheduler.schedule(emit, ms));
          else emit();
        },
        (error: unknown) => subscriber.error(error),
      );
    };
    subscriber.add(() => void iterator.return?.());
    draw();
  });
}
