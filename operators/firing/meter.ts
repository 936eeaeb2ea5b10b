import type { EpochMs } from '../../lib/core/units.js';

/** Live counters of a {@link shoot}. They can be read at any time and are not reset. */
export class FiringMeter {
  /** Shots given to a gun. */
  requests = 0;
  /** Shots that ended. */
  responses = 0;
  /** Shots that completed without a sample. */
  emptyShots = 0;
  /** Operations discarded because they were overdue, or because a backlog was full. */
  discarded = 0;
  /** Shots that were due or under way when the run ended. */
  unfinished = 0;
  /** Unfinished shots that no gun had started. */
  overdue = 0;
  /** Operations without a shot, because there was no ammo. */
  withoutAmmo = 0;
  /** True when `withoutAmmo` and `notDue` are final: the ticks are closed, and the number of those left is known. */
  accounted = false;
  /** Operations that were not due yet when firing ended. */
  notDue = 0;
  /**
   * The moment at which the run was ended before its plan; `Infinity` until then, `-Infinity` after the consumer
   * unsubscribed, when nothing is recorded.
   */
  stoppedAt: EpochMs = Number.POSITIVE_INFINITY;
  /** Instances started. */
  instances = 0;
  /** Instances that were started because a shot was due and no instance was free. */
  grown = 0;
  /** Instances that have ended. */
  instancesEnded = 0;

  /** Shots under way. */
  get inFlight(): number {
    return this.requests - this.responses;
  }
}
