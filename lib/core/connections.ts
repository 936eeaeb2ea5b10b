import type { Millis } from './units.js';

/** How long the phases of opening a connection took. A phase that did not occur, or whose time is not known, is absent. */
export interface ConnectPhases {
  /** The look-up of the name. */
  readonly dns?: Millis;
  /** Connecting, after the look-up; through a proxy until its tunnel is open. */
  readonly connect?: Millis;
  /** The handshakes of TLS. */
  readonly tls?: Millis;
}

/**
 * Why an open connection ended:
 *
 * - `generator`: the gun closed it, such as after an idle time, a timeout, or at the end of the run.
 * - `target`: the target closed it while it carried no request, or after a response; by the gun's choice it would have been kept.
 * - `broken`: it broke, or was closed, while it carried a request.
 */
export type ConnectionEnd = 'generator' | 'target' | 'broken';

/** Counts the connections of the guns of a pool. Every method takes less than a tenth of a microsecond. */
export interface ConnectionWatch {
  /** A connection is open. */
  opened(phases?: ConnectPhases): void;
  /** A connection could not be opened. */
  failed(): void;
  /** An open connection has ended. Called once for each call of `opened`. */
  closed(by: ConnectionEnd): void;
  /** A request begins on a connection that has carried another one. */
  reused(): void;
  /**
   * A response is complete.
   *
   * @param wait From the begin of sending the request on an open connection to the head of the response.
   * @param receive From the head to the end of the response.
   */
  exchanged(wait: Millis, receive: Millis): void;
}
