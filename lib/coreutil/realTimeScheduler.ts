import { type SchedulerAction, type SchedulerLike, Subscription } from 'rxjs';

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** One piece of work waiting for real time to pass; it may schedule itself again. */
class RealTimeAction<T> extends Subscription implements SchedulerAction<T> {
  #cancel: () => void = () => undefined;

  constructor(private readonly work: (this: SchedulerAction<T>, state?: T) => void) {
    super(() => this.#cancel());
  }

  schedule(state?: T, delay = 0): Subscription {
    this.#cancel();
    if (this.closed) return this;
    let ran = false;
    const run = (): void => {
      ran = true;
      this.#cancel = () => undefined;
      this.work.call(this, state as T);
    };
    if (delay <= 0) {
      const immediate = setImmediate(run);
      this.#cancel = () => clearImmediate(immediate);
    } else {
      const timer = setTimeout(run, Math.min(delay, LONGEST_TIMER_MS));
      this.#cancel = () => clearTimeout(timer);
    }
    return ran ? Subscription.EMPTY : this;
  }
}

/**
 * Real time, with a clock of sub-millisecond resolution that never jumps (stock `asyncScheduler.now()` is `Date.now()`:
 * whole milliseconds, moved by clock corrections). Waiting is by timers; a delay of 0 runs after pending input and output,
 * so work that reschedules itself never starves the sockets.
 */
export const realTimeScheduler: SchedulerLike = {
  now: () => performance.timeOrigin + performance.now(),
  schedule<T>(work: (this: SchedulerAction<T>, state?: T) => void, delay = 0, state?: T): Subscription {
    return new RealTimeAction<T>(work).schedule(state, delay);
  },
};
