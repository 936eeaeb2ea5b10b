/** Counters of the HTTP/2 guns of a pool besides samples. They only grow. */
export class Http2Counters {
  /** Requests that were sent again: not processed by the server, or sent on a connection that it had closed. */
  retries = 0;
  /** Requests that followed a redirect. */
  redirects = 0;
  /** Bodies that were cut. */
  cutBodies = 0;
  /** Connections that the server closed with GOAWAY. */
  goaways = 0;

  /** The counts by the names that the summary shows. */
  get byName(): ReadonlyMap<string, number> {
    return new Map([
      ['retries', this.retries],
      ['redirects followed', this.redirects],
      ['bodies cut at max-body', this.cutBodies],
      ['connections closed by goaway', this.goaways],
    ]);
  }
}
