import { Observable, type SchedulerLike, type Subscriber, Subscription } from 'rxjs';
import { type Cursor, DONE, PENDING, type Polled } from '../core/cursor.js';
import type { EpochMs } from '../core/units.js';
import { realTimeScheduler } from '../time/realTime.js';

/** Options of a {@link Pullable} for subscribers. */
export interface PullableOptions<T> {
  /** The intended moment of a value; it is pushed then, not earlier. Default: as soon as it is available. */
  readonly dueAt?: (value: T) => EpochMs;
  /** Time for subscribers. A pulling consumer brings its own. Default: real time. */
  readonly scheduler?: SchedulerLike;
}

/**
 * An Observable that can also be pulled. Subscribers receive each value when it is due. Operators that pull (`zipAmmo`,
 * `shoot`, `mapPulled`) open a cursor instead and draw each value when it is needed. Every ordinary RxJS operator works
 * on it too; the result is then an ordinary Observable, which pushes.
 *
 * @example
 * class Countdown extends BaseCursor<number> {
 *   #next = 3;
 *   protected draw(): Polled<number> {
 *     return this.#next > 0 ? this.#next-- : DONE;
 *   }
 * }
 * new Pullable(() => new Countdown()).subscribe(console.log); // 3 2 1
 */
export class Pullable<T> extends Observable<T> {
  /**
   * @param open Starts one independent reading; called once per subscription or pulling consumer.
   * @param playing Options for subscribers; an operator that derives a Pullable from this one copies them.
   */
  constructor(
    readonly open: (scheduler: SchedulerLike) => Cursor<T>,
    readonly playing: PullableOptions<T> = {},
  ) {
    const { dueAt, scheduler = realTimeScheduler } = playing;
    super((subscriber) => play(open(scheduler), subscriber, scheduler, dueAt));
  }
}

/**
 * Pushes the values of a cursor into a subscriber, each when it is due, and completes at the cursor's finish time.
 * The cursor is closed at any kind of end.
 */
function play<T>(
  cursor: Cursor<T>,
  subscriber: Subscriber<T>,
  scheduler: SchedulerLike,
  dueAt: ((value: T) => EpochMs) | undefined,
): void {
  /** A value that waits for its moment, or PENDING. */
  let held: Polled<T> = PENDING;
  let timer = Subscription.EMPTY;
  subscriber.add(() => {
    timer.unsubscribe();
    cursor.close();
  });

  const complete = (): void => {
    const finish = cursor.finish();
    const delay = finish === undefined ? 0 : finish - scheduler.now();
    if (delay > 0) timer = scheduler.schedule(() => subscriber.complete(), delay);
    else subscriber.complete();
  };
  const pump = (): void => {
    try {
      while (!subscriber.closed) {
        const polled: Polled<T> = held === PENDING ? cursor.poll() : held;
        held = PENDING;
        if (polled === PENDING) {
          cursor.whenReady(pump);
          return;
        }
        if (polled === DONE) {
          complete();
          return;
        }
        const delay = dueAt === undefined ? 0 : dueAt(polled) - scheduler.now();
        if (delay > 0) {
          held = polled;
          timer = scheduler.schedule(pump, delay);
          return;
        }
        subscriber.next(polled);
      }
    } catch (error) {
      subscriber.error(error);
    }
  };
  pump();
}
