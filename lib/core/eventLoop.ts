import type { EpochMs } from './units.js';

/** What the firing of shots must know of the event loop in which it runs. */
export interface EventLoop {
  /**
   * Since when the event loop has not come to its timers although it should have: later than now while it is not blocked. What ends after
   * this moment may have ended at any time since then.
   */
  readonly blockedSince: EpochMs;
}

/** An event loop that is never blocked, as in virtual time. */
export const NEVER_BLOCKED: EventLoop = { blockedSince: Number.POSITIVE_INFINITY };
