import { Observable, type SchedulerLike } from 'rxjs';
import type { Cursor } from '../core/cursor.js';
import type { EpochMs } from '../core/units.js';
import { playCursor } from './playCursor.js';
import { realTimeScheduler } from './realTimeScheduler.js';

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
