import type { ConnectPhases } from '../../core/connections.js';
import type { Origin } from './origin.js';

/** The sending side of an open or opening connection. */
export interface HttpSocket {
  /** Sends; `written` is called when the operating system has taken the bytes. */
  write(bytes: Uint8Array, written?: () => void): void;
  /** True while bytes are waiting to be sent. */
  readonly pending: boolean;
  /** How long its opening took; complete when `opened` is called. Absent when it is not known. */
  readonly phases?: ConnectPhases | undefined;
  /** Closes at once, without further events. */
  destroy(): void;
}

/** The events of a socket. None is emitted before {@link Connector} has returned, nor after `failed`, `finished` or `destroy`. */
export interface HttpSocketEvents {
  /**
   * Connected; with TLS, the handshake is done. Called before the others, once for each handshake.
   *
   * @param protocol The protocol that the peer chose by ALPN, such as `h2`. Absent without TLS, and when it chose none.
   */
  opened(protocol?: string): void;
  /** The first `length` of `bytes` were received; they are overwritten after the call. */
  received(bytes: Uint8Array, length: number): void;
  /** The peer has closed in an orderly way. */
  finished(): void;
  /** The connection could not be opened, or broke. */
  failed(error: Error): void;
}

/** A socket whose open connection can change to TLS, as in a tunnel of a proxy. */
export interface SecurableSocket extends HttpSocket {
  /** Starts TLS with an origin on the open connection; `opened` is called again when the handshake is done. Called at most once. */
  startTls(origin: Origin): void;
}

/** Opens a connection to an origin. */
export type Connector<S extends HttpSocket = HttpSocket> = (origin: Origin, events: HttpSocketEvents) => S;
