import { asyncScheduler, type SchedulerAction, type SchedulerLike, type Subscription } from 'rxjs';

/**
 * Real time with a clock of sub-millisecond resolution that never jumps (stock `asyncScheduler.now()` is `Date.now()`:
 * whole milliseconds, moved by clock corrections). Waiting is by ordinary timers.
 */
export const realTimeScheduler: SchedulerLike = {
  now: () => performance.timeOrigin + performance.now(),
  schedule<T>(work: (this: SchedulerAction<T>, state?: T) => void, delay = 0, state?: T): Subscription {
    return asyncScheduler.schedule(work, delay, state);
  },
};
