import type { CommandLine, Finished } from '../support/runCommand.js';

/** A closed loop: every connection sends its next request when it has the response to the last. */
export interface ClosedLoop {
  readonly tls: boolean;
  readonly port: number;
  readonly path: string;
  readonly connections: number;
  readonly seconds: number;
}

/** A closed loop over HTTP/2: `connections` with `streams` requests at a time on each. */
export interface Http2Loop extends ClosedLoop {
  readonly streams: number;
}

/** An open loop: requests are sent at planned moments. From `from` to `to` per second in a straight line. */
export interface Paced {
  readonly port: number;
  readonly from: number;
  readonly to: number;
  readonly seconds: number;
}

/** Another load generator, or a variant of Elpis. */
export interface Peer {
  readonly name: string;
  /** Shell lines that install it; they run as root in bench/.peers. */
  readonly install: readonly string[];
  /** Prints its version, or fails if it is not installed. */
  readonly version: CommandLine;
  /** The command of a closed loop, or undefined when it has none. It prints what `requestsPerSecond` reads. */
  closedLoop?(load: ClosedLoop): CommandLine;
  /** The command of a closed loop over HTTP/2, or undefined when it has none. */
  http2Loop?(load: Http2Loop): CommandLine;
  /** Requests per second from what the command printed; undefined = count them at the server. */
  requestsPerSecond?(finished: Finished, load: ClosedLoop): number;
  /** The command of an open loop, or undefined when it cannot play this one. */
  paced?(load: Paced): CommandLine | undefined;
}
