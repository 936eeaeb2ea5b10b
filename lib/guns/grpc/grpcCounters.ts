/** Counters of the gRPC guns of a pool besides samples. They only grow. */
export class GrpcCounters {
  /** Calls that were sent again, because the server had not processed them. */
  retries = 0;

  /** The counts by the names that the summary shows. */
  get byName(): ReadonlyMap<string, number> {
    return new Map([['retries', this.retries]]);
  }
}
