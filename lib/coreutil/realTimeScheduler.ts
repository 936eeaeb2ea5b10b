import type { SchedulerAction, SchedulerLike, Subscription } from 'rxjs';
import type { EpochMs } from '../core/units.js';
import { RealTimeAction } from './realTimeAction.js';

/** Read once: the getter takes longer than the clock itself. */
const ORIGIN: EpochMs = performance.timeOrigin;

/**
 * Real time, with a clock of sub-millisecond resolution that never jumps (stock `asyncScheduler.now()` is `Date.now()`:
 * whole milliseconds, moved by clock corrections). Waiting is by timers; a delay of 0 runs after pending input and output,
 * so work that reschedules itself never starves the sockets.
 */
export const realTimeScheduler: SchedulerLike = {
  now: (): EpochMs => ORIGIN + performance.now(),
  schedule<T>(work: (this: SchedulerAction<T>, state?: T) => void, delay = 0, state?: T): Subscription {
    return new RealTimeAction<T>(work, 0).schedule(state, delay);
  },
};
