import type { SchedulerAction, SchedulerLike, Subscription } from 'rxjs';
import type { Millis } from '../core/units.js';
import { RealTimeAction } from './realTimeAction.js';
import { realTimeScheduler } from './realTimeScheduler.js';

/** Timers are late by up to a millisecond, so the last bit of a wait is spent looking at the clock. */
const SPIN_MS: Millis = 1.5;

/**
 * Real time for pacing that must be exact to microseconds: like {@link realTimeScheduler}, but the last 1.5 ms of every wait
 * are spent polling. At a thousand waits per second and more that keeps a core busy.
 */
export const preciseScheduler: SchedulerLike = {
  now: realTimeScheduler.now,
  schedule<T>(work: (this: SchedulerAction<T>, state?: T) => void, delay = 0, state?: T): Subscription {
    return new RealTimeAction<T>(work, SPIN_MS).schedule(state, delay);
  },
};
