/** Live counters of a {@link shoot}: read at any time, never reset. */
export class FiringMeter {
  /** Shots given to a gun. */
  requests = 0;
  /** Shots that ended. */
  responses = 0;
  /** Shots that completed without a sample. */
  withoutSample = 0;
  /** Shots discarded because they were overdue. */
  discarded = 0;
  /** Shots that were due or under way when the run ended. */
  unfinished = 0;
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
