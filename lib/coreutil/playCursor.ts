import { type SchedulerLike, type Subscriber, Subscription } from 'rxjs';
import { type Cursor, DONE, PENDING } from '../core/cursor.js';
import type { EpochMs } from '../core/units.js';

/**
 * Pushes what a cursor holds into a subscriber, each value when it is due, and completes at the cursor's finish time.
 * The cursor is closed on every way out.
 */
export function playCursor<T>(
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
