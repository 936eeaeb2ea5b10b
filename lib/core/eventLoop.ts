import type { EpochMs } from './units.js';

/** The state of the event loop in which shots are fired. */
export interface EventLoop {
  /**
   * The start of the current block: since then, timers were due and did not run. A moment in the future while the loop
   * is not blocked. A shot whose end is noticed after this moment may have ended at any time since then.
   */
  readonly blockedSince: EpochMs;
}

/** An event loop that is never blocked, as in virtual time. */
export const NEVER_BLOCKED: EventLoop = { blockedSince: Number.POSITIVE_INFINITY };
