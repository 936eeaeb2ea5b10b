import type { Origin } from '../origin.js';

/** An open or opening connection: bytes out. */
export interface HttpSocket {
  /** Sends; `written` is called when the operating system has taken the bytes. */
  write(bytes: Uint8Array, written?: () => void): void;
  /** True while bytes are waiting to be sent. */
  readonly pending: boolean;
  /** Closes at once, without further events. */
  destroy(): void;
}

/** What a wire tells. Nothing is told before {@link Connector} has returned, nor after `failed`, `finished` or `destroy`. */
export interface HttpSocketEvents {
  /** Connected; with TLS, the handshake is done. Told once, first. */
  opened(): void;
  /** The first `length` of `bytes` were received; they are overwritten after the call. */
  received(bytes: Uint8Array, length: number): void;
  /** The peer has closed in an orderly way. */
  finished(): void;
  /** The connection could not be made, or broke. */
  failed(error: Error): void;
}

/** Opens a connection to an origin. */
export type Connector = (origin: Origin, events: HttpSocketEvents) => HttpSocket;
