import { type SchedulerAction, type SchedulerLike, Subscription } from 'rxjs';
import type { EpochMs, Millis } from '../core/units.js';

const MAX_TIMER_MS = 2 ** 31 - 1;
/** A timer of Node may fire up to this long before its time: it counts whole milliseconds, from the beginning of a turn. */
const EARLY_MS: Millis = 1;

/**
 * One action in real time; it may schedule itself again. With `spinMs` above 0 the last part of a wait is not a
 * timer, which is up to a millisecond late, but polls the clock once per turn of the event loop: input and output
 * continue, and the action is late by microseconds, but the core is busy.
 */
class RealTimeAction<T> extends Subscription implements SchedulerAction<T> {
  #due = 0;
  #state: T | undefined;
  #timer: NodeJS.Timeout | undefined;
  #turn: NodeJS.Immediate | undefined;
  /** One function for all turns that poll: hundreds of thousands a second would fill the young generation. */
  readonly #look = (): void => {
    const left = this.#due - performance.now();
    if (left <= 0) this.#run();
    else if (left > Math.max(this.spinMs, EARLY_MS)) this.#sleep(left - this.spinMs);
    else this.#yield();
  };

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
    this.#turn = undefined;
    this.#timer = setTimeout(this.#look, Math.min(ms, MAX_TIMER_MS));
  }

  #yield(): void {
    this.#timer = undefined;
    this.#turn = setImmediate(this.#look);
  }

  #cancel(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#turn);
  }

  #run(): void {
    this.#timer = undefined;
    this.#turn = undefined;
    this.work.call(this, this.#state as T);
  }
}

/** Read once: the getter takes longer than the clock. */
const ORIGIN: EpochMs = performance.timeOrigin;

/** Waits by timers. `spinMs`: the last part of a wait that polls the clock. */
class RealTimeScheduler implements SchedulerLike {
  constructor(
    readonly now: () => EpochMs,
    private readonly spinMs: Millis,
  ) {}

  schedule<T>(work: (this: SchedulerAction<T>, state?: T) => void, delay = 0, state?: T): Subscription {
    return new RealTimeAction<T>(work, this.spinMs).schedule(state, delay);
  }
}

/**
 * Real time, with a clock of sub-millisecond resolution that never jumps (stock `asyncScheduler.now()` is `Date.now()`:
 * whole milliseconds, moved by clock corrections). Waiting is by timers; a delay of 0 runs after pending input and output,
 * so an action that reschedules itself does not block the sockets.
 */
export const realTimeScheduler: SchedulerLike = new RealTimeScheduler(() => ORIGIN + performance.now(), 0);

/** True for a scheduler that waits in real time: {@link realTimeScheduler}, or one with another clock. */
export function isRealTime(scheduler: SchedulerLike): boolean {
  return scheduler instanceof RealTimeScheduler;
}

/** Real time by another clock, such as that of another machine. */
export function realTimeBy(now: () => EpochMs): SchedulerLike {
  return new RealTimeScheduler(now, 0);
}

/** How long the event loop of this thread has been active, and how long it has been idle. */
export function eventLoopTimes(): { readonly active: Millis; readonly idle: Millis } {
  return performance.eventLoopUtilization();
}

/** Timers are late by up to a millisecond, so the last part of a wait polls the clock. */
const SPIN_MS: Millis = 1.5;

/**
 * Pacing that must be exact to microseconds: like a scheduler in real time and with its clock, but the last 1.5 ms of
 * every wait poll the clock. From a thousand waits per second on, the core is always busy.
 */
export function precise({ now }: SchedulerLike): SchedulerLike {
  return new RealTimeScheduler(now, SPIN_MS);
}
