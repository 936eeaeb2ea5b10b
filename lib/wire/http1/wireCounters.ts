/** Counters of the guns of a pool besides samples. They only grow. */
export class WireCounters {
  /** Requests that were sent again, because a kept connection had been closed. */
  retries = 0;
  /** Requests that followed a redirect. */
  redirects = 0;
  /** Bytes that came without a request, after a response or on an unused connection: once per connection. */
  strays = 0;
  /** Bodies that were cut. */
  cutBodies = 0;

  /** The counts by the names that the summary shows. */
  get byName(): ReadonlyMap<string, number> {
    return new Map([
      ['retries', this.retries],
      ['redirects followed', this.redirects],
      ['responses without a request', this.strays],
      ['bodies cut at max-body', this.cutBodies],
    ]);
  }
}
