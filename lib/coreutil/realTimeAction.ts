import { type SchedulerAction, Subscription } from 'rxjs';
import type { Millis } from '../core/units.js';

const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** A timer of Node may fire up to this long before its time: it counts whole milliseconds, from the beginning of a turn. */
const EARLY_MS: Millis = 1;

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
    const timer = setTimeout(() => this.#look(), Math.min(ms, LONGEST_TIMER_MS));
    this.#cancel = () => clearTimeout(timer);
  }

  #yield(): void {
    const immediate = setImmediate(() => this.#look());
    this.#cancel = () => clearImmediate(immediate);
  }

  #look(): void {
    const left = this.#due - performance.now();
    if (left <= 0) this.#run();
    else if (left > Math.max(this.spinMs, EARLY_MS)) this.#sleep(left - this.spinMs);
    else this.#yield();
  }

  #run(): void {
    this.#cancel = () => undefined;
    this.work.call(this, this.#state as T);
  }
}
