import type { EpochMs } from '../../lib/core/units.js';

/** Live counters of a {@link shoot}: read at any time, never reset. */
export class FiringMeter {
  /** Shots given to a gun. */
  requests = 0;
  /** Shots that ended. */
  responses = 0;
  /** Shots that completed without a sample. */
  withoutSample = 0;
  /** Operations discarded because they were overdue, or because a backlog was full. */
  discarded = 0;
  /** Shots that were due or under way when the run ended. */
  unfinished = 0;
  /** Of these, the ones that no gun had started. */
  overdue = 0;
  /** Operations that no shot was made for, because there was no ammo. */
  withoutAmmo = 0;
  /** True when `withoutAmmo` and `notDue` are final: the ticks have been closed, and how many were left is known. */
  accounted = false;
  /** Operations that were not due yet when no further shot was fired. */
  notDue = 0;
  /** When the run was ended before its plan; `Infinity` until then, `-Infinity` when the consumer unsubscribed, after which nothing is recorded. */
  stoppedAt: EpochMs = Number.POSITIVE_INFINITY;
  /** Instances started. */
  instances = 0;
  /** How many of them were started because a shot was due and no instance was free. */
  grown = 0;
  /** Instances that have ended. */
  instancesEnded = 0;

  /** Shots under way. */
  get inFlight(): number {
    return this.requests - this.responses;
  }
}
