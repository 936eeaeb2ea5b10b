import { Observable, type SchedulerLike, type Subscriber, Subscription } from 'rxjs';
import { type Cursor, DONE, PENDING } from '../core/cursor.js';
import type { EpochMs } from '../core/units.js';
import { realTimeScheduler } from '../time/realTime.js';

/**
 * Pushes what a cursor holds into a subscriber, each value when it is due, and completes at the cursor's finish time.
 * The cursor is closed on every way out.
 */
function playCursor<T>(
  cursor: Cursor<T>,
  subscriber: Subscriber<T>,
  scheduler: SchedulerLike,
  dueAt: ((value: T) => EpochMs) | undefined,
): void {
  let held: T | undefined;
  let timer = Subscription.EMPTY;
  subscriber.add(() => {
    timer.unsubscribe();
    cursor.close();
  });

  const waitUntil = (moment: EpochMs): boolean => {
    const delay = moment - scheduler.now();
    if (delay > 0) timer = scheduler.schedule(pump, delay);
    return delay > 0;
  };
  const complete = (): void => {
    const finish = cursor.finish?.();
    const delay = finish === undefined ? 0 : finish - scheduler.now();
    if (delay > 0) timer = scheduler.schedule(() => subscriber.complete(), delay);
    else subscriber.complete();
  };
  const pump = (): void => {
    try {
      while (!subscriber.closed) {
        const polled = held ?? cursor.poll();
        held = undefined;
        if (polled === PENDING) {
          cursor.whenReady(pump);
          return;
        }
        if (polled === DONE) {
          complete();
          return;
        }
        if (dueAt !== undefined && waitUntil(dueAt(polled))) {
          held = polled;
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

/** How a {@link Pullable} behaves when it is subscribed to instead of pulled. */
export interface PullableOptions<T> {
  /** The moment a value is meant for; it is pushed then and not before. Default: as soon as it is there. */
  readonly dueAt?: (value: T) => EpochMs;
  /** Time for subscribers. A pulling consumer brings its own. Default: real time. */
  readonly scheduler?: SchedulerLike;
}

/**
 * An Observable that can also be pulled. Subscribing pushes its values as they are due; an operator that knows how
 * (`zipAmmo`, `shoot`) opens a cursor instead and draws each value when it is needed. Every ordinary RxJS operator works
 * on it too; the result is then an ordinary Observable, pushed.
 *
 * @example
 * const three = new Pullable<number>(() => {
 *   let next = 1;
 *   return { poll: () => (next > 3 ? DONE : next++), whenReady: () => undefined, close: () => undefined };
 * });
 * three.subscribe(console.log); // 1 2 3
 */
export class Pullable<T> extends Observable<T> {
  /**
   * @param open Starts one independent reading; called once per subscription or pulling consumer.
   * @param playing How values are pushed; who derives a Pullable from this one hands it on.
   */
  constructor(
    readonly open: (scheduler: SchedulerLike) => Cursor<T>,
    readonly playing: PullableOptions<T> = {},
  ) {
    const { dueAt, scheduler = realTimeScheduler } = playing;
    super((subscriber) => playCursor(open(scheduler), subscriber, scheduler, dueAt));
  }
}
