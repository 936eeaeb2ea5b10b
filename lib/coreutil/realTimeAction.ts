import { type SchedulerAction, Subscription } from 'rxjs';
import type { Millis } from '../core/units.js';

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * One piece of work waiting for real time to pass; it may schedule itself again. With `spinMs` above 0 the last part of a
 * wait is not left to the timer, which is up to a millisecond late, but spent asking the clock once per turn of the event
 * loop: input and output go on, and the work is late by microseconds, at the price of a busy core.
 */
export class RealTimeAction<T> extends Subscription implements SchedulerAction<T> {
  #cancel: () => void = () => undefined;
  #due = 0;
  #state: T | undefined;

  constructor(
    private readonly work: (this: SchedulerAction<T>, state?: T) => void,
    private readonly spinMs: Millis,
  ) {
    super(() => this.#cancel());
  }

  schedule(state?: T, delay = 0): Subscription {
    this.#cancel();
    if (this.closed) return this;
    this.#state = state;
    this.#due = performance.now() + delay;
    if (delay > this.spinMs) this.#sleep(delay - this.spinMs);
    else this.#yield();
    return this;
  }

  #sleep(ms: Millis): void {
    const timer = setTimeout(() => (this.spinMs > 0 ? this.#look() : this.#run()), Math.min(ms, LONGEST_TIMER_MS));
    this.#cancel = () => clearTimeout(timer);
  }

  #yield(): void {
    const immediate = setImmediate(() => this.#look());
    this.#cancel = () => clearImmediate(immediate);
  }

  #look(): void {
    if (performance.now() >= this.#due) this.#run();
    else this.#yield();
  }

  #run(): void {
    this.#cancel = () => undefined;
    this.work.call(this, this.#state as T);
  }
}
