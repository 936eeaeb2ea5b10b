import type { Bytes } from '../../core/units.js';
import type { Origin } from '../dial/origin.js';
import type { EncodedHead } from './encodedHead.js';

/** A header list as received. Immutable: equal lists may be one object, and it may be kept. */
export interface ReceivedHead {
  /** Value of `:status`, 0 for trailers. */
  readonly status: number;
  /** Value of `content-length`, -1 without one. */
  readonly length: number;
  /** In the order received, names in lower case, without pseudo-headers. Values have a character per byte. */
  readonly fields: readonly (readonly [name: string, value: string])[];
}

/**
 * Receives the events of one stream, in this order:
 *
 * ```text
 * informational* responded data* trailers? complete
 * ```
 *
 * `failed` may come at any point instead of the rest. `complete` and `failed` are last, and come at most once; none comes after
 * `cancel`, nor before `send` has returned. The listener may send other streams, write and cancel during a call, and must not throw.
 */
export interface StreamListener {
  /** A response with status 1xx. 101 does not exist in HTTP/2 and fails the stream. */
  informational(head: ReceivedHead): void;
  /** The head of the response. */
  responded(head: ReceivedHead): void;
  /** A part of the body, not empty, without padding: `bytes` from `start` to `end`. They are overwritten after the call. */
  data(bytes: Uint8Array, start: number, end: number): void;
  /** The header list after the body. */
  trailers(head: ReceivedHead): void;
  /** The operating system has taken head and body, written with `end`. Called only when the connection times its requests. */
  written(): void;
  /** All bytes of `write` have been sent, after some had to wait. */
  drained(): void;
  /** The response is complete. A request that is not ended by then is cancelled. */
  complete(): void;
  /**
   * The stream failed, mostly with an `Http2Error`, which has the code of RFC 9113, and with `processed: false` when the request may
   * be sent again. Otherwise it is the error of the socket, or an `ExchangeError` such as a timeout.
   */
  failed(error: unknown): void;
}

/** The sending side of a stream. */
export interface Stream {
  /** Bytes of the body that wait for the flow control of the peer. */
  readonly waiting: Bytes;
  /** Bytes on the wire for this stream, frame headers included. */
  readonly bytesOut: Bytes;
  readonly bytesIn: Bytes;
  /**
   * Sends a part of the body, as far as the flow control of the peer permits; the rest waits. `bytes` must not change before they are
   * sent. Does nothing after the stream has ended.
   *
   * @param end True when the request is complete.
   */
  write(bytes: Uint8Array, end: boolean): void;
  /**
   * Ends the request with trailers, after what was written. Trailers that are larger than the server takes are not sent: the stream is
   * cancelled, and the listener fails at once. Does nothing after the request or the stream has ended.
   */
  finish(trailers: EncodedHead): void;
  /** Ends the stream with RST_STREAM. The listener is not called again. Does nothing after the stream has ended. */
  cancel(code?: number): void;
}

/** A connection that carries streams. */
export interface StreamConnection {
  readonly origin: Origin;
  /**
   * Sends a request on a new stream. The bytes leave when the callback of the event loop ends, together with those of other streams.
   *
   * A head that is larger than the server takes is not sent: the listener fails in the next turn.
   *
   * @param body The first part of the body, or null.
   * @param end True when the request is complete. A request without a body ends here.
   */
  send(head: EncodedHead, body: Uint8Array | null, end: boolean, listener: StreamListener): Stream;
  /** How many streams it has carried, those in flight included. */
  readonly carried: number;
  /** True when nothing at all has arrived on the connection since the stream began. */
  silentSince(stream: Stream): boolean;
  /** Takes no more streams, and closes when the last has ended: for a connection that may be dead. */
  retire(): void;
}

/** Waits for a connection with a free stream. It is called once: with `acquired` or `unavailable`. */
export interface StreamTaker {
  /** The connection has a free stream. The taker must call `send` before it returns. */
  acquired(connection: StreamConnection): void;
  /** The connection that the taker waited for could not be opened. */
  unavailable(error: unknown): void;
}

/** The connections of one instance, or of the instances that share a client. */
export interface StreamClient {
  /**
   * Finds a connection with a free stream, or opens one, or waits when the limits of connections and streams are reached. The first that
   * waits is the first to get one. `acquired` may be called before this returns.
   */
  acquire(origin: Origin, taker: StreamTaker): void;
  /** Ends the wait of a taker. Does nothing for one that does not wait. */
  leave(origin: Origin, taker: StreamTaker): void;
  /** Closes all connections. Streams in flight fail. */
  close(): void;
}
