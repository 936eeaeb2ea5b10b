import { Observable, type SchedulerLike } from 'rxjs';
import { type Cursor, DONE, PENDING } from '../core/cursor.js';
import { realTimeScheduler } from './realTimeScheduler.js';

/**
 * An Observable that can also be pulled. Subscribing pushes its values as fast as they come; an operator that knows how
 * (`zipAmmo`, `shoot`) opens a cursor instead and draws each value when it is needed. Every ordinary RxJS operator works
 * on it too; the result is then an ordinary Observable, pushed.
 *
 * @example
 * const three = new Pullable(() => cursorOf([1, 2, 3]));
 * three.subscribe(console.log); // 1 2 3
 */
export class Pullable<T> extends Observable<T> {
  /**
   * @param open Starts one independent reading; called once per subscription or pulling consumer.
   */
  constructor(readonly open: (scheduler: SchedulerLike) => Cursor<T>) {
    super((subscriber) => {
      const cursor = open(realTimeScheduler);
      subscriber.add(() => cursor.close());
      const pump = (): void => {
        try {
          while (!subscriber.closed) {
            const polled = cursor.poll();
            if (polled === PENDING) {
              cursor.whenReady(pump);
              return;
            }
            if (polled === DONE) {
              subscriber.complete();
              return;
            }
            subscriber.next(polled);
          }
        } catch (error) {
          subscriber.error(error);
        }
      };
      pump();
    });
  }
}
