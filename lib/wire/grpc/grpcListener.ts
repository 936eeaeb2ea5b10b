import { kMaxLength } from 'node:buffer';
import { constants, gunzipSync } from 'node:zlib';
import type { Bytes } from '../../core/units.js';
import { ERROR_CODE } from '../http2/http2Error.js';
import type { ReceivedHead, Stream, StreamListener } from '../http2/streamListener.js';
import { GRPC_FAILURE, type GrpcFailure, grpcFailureOf } from './grpcFailure.js';
import type { GrpcHead, GrpcHeads } from './responseHead.js';

/** A message has a flag and a length of 4 bytes before it. */
export const MESSAGE_HEAD: Bytes = 5;
const COMPRESSED = 1;
const NOTHING = new Uint8Array(0);

/** Limits of what is received, and whether it is needed. */
export interface GrpcReceiving {
  readonly heads: GrpcHeads;
  /** Most bytes of a message, received and unpacked. */
  readonly maxMessage: Bytes;
}

/**
 * The receiving side of one call: checks the head, finds the messages in the body, and ends with a status or a failure. A class
 * below it sends, and decides whether messages are kept.
 */
export abstract class GrpcListener implements StreamListener {
  /** The stream of the call; undefined before it is sent. */
  protected stream: Stream | undefined;
  /** Messages received. */
  protected messages = 0;
  /** The lists as received. */
  protected responseHead: ReceivedHead | undefined;
  protected responseTrailers: ReceivedHead | undefined;
  readonly #receiving: GrpcReceiving;
  #over = false;
  #head: GrpcHead | undefined;
  #trailers: GrpcHead | undefined;
  /** Bytes of the head of the current message that have arrived; {@link MESSAGE_HEAD} inside a message. */
  #headBytes = 0;
  #flag = 0;
  /** Length of the current message, then the bytes of it that are missing. */
  #missing: Bytes = 0;
  #pieces: Uint8Array[] | undefined;

  constructor(receiving: GrpcReceiving) {
    this.#receiving = receiving;
  }

  /** Whether the bytes of messages are needed; otherwise they are counted only. */
  protected abstract get keeps(): boolean;
  /** A message has arrived, unpacked; empty unless it is kept. */
  protected abstract message(bytes: Uint8Array): void;
  /** The call has a status of the server. The stream is over. */
  protected abstract finished(status: number, message: string): void;
  /** The call failed without a status of the server. The stream is over. @param error What happened, for messages. */
  protected abstract broken(failure: GrpcFailure, error: unknown): void;

  /** Prepares for another stream of the same call. */
  protected restart(): void {
    this.stream = this.#head = this.#trailers = this.#pieces = undefined;
    this.responseHead = this.responseTrailers = undefined;
    this.messages = this.#headBytes = this.#missing = 0;
    this.#over = false;
  }

  informational(): void {
    // Early hints and the like mean nothing to a call.
  }

  responded(head: ReceivedHead): void {
    const parsed = this.#receiving.heads.head(head);
    this.#head = parsed;
    this.responseHead = head;
    if (parsed.failure !== undefined) this.#break(parsed.failure, parsed.message);
  }

  data(bytes: Uint8Array, start: number, end: number): void {
    for (let at = start; at < end && !this.#over; ) {
      if (this.#headBytes < MESSAGE_HEAD) at = this.#messageHead(bytes, at, end);
      else at = this.#content(bytes, at, end);
    }
  }

  trailers(head: ReceivedHead): void {
    this.#trailers = this.#receiving.heads.trailers(head);
    this.responseTrailers = head;
  }

  abstract written(): void;
  abstract drained(): void;

  complete(): void {
    this.#over = true;
    const trailers = this.#trailers ?? (this.messages === 0 && this.#headBytes === 0 ? this.#head : undefined);
    if (trailers?.failure !== undefined) this.broken(trailers.failure, 'the status is not a number');
    else if (trailers === undefined || trailers.status < 0) this.#withoutStatus();
    else if (this.#headBytes > 0 && trailers.status === 0)
      this.broken(GRPC_FAILURE.truncated, 'the last message is cut off');
    else this.finished(trailers.status, trailers.message);
  }

  failed(error: unknown): void {
    this.#over = true;
    this.broken(grpcFailureOf(error), error);
  }

  /** Ends the call from this side. */
  protected cancel(): void {
    this.#over = true;
    this.stream?.cancel(ERROR_CODE.cancel);
  }

  #withoutStatus(): void {
    if (this.#trailers !== undefined) this.broken(GRPC_FAILURE.noStatus, 'the trailers have no grpc-status');
    else this.broken(GRPC_FAILURE.noTrailers, 'the response ended without trailers');
  }

  #break(failure: GrpcFailure, reason: string): void {
    this.cancel();
    this.broken(failure, reason);
  }

  #messageHead(bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    for (; at < end && this.#headBytes < MESSAGE_HEAD; at++) {
      if (this.#headBytes++ === 0) this.#flag = bytes[at] as number;
      else this.#missing = this.#missing * 256 + (bytes[at] as number);
    }
    if (this.#headBytes < MESSAGE_HEAD) return at;
    const { maxMessage } = this.#receiving;
    if (this.#flag > COMPRESSED) this.#break(GRPC_FAILURE.badFlag, `a message begins with the flag ${this.#flag}`);
    else if (this.#flag === COMPRESSED && !this.#unpacks()) return at;
    else if (this.#missing > maxMessage) {
      this.#break(GRPC_FAILURE.tooLarge, `a message of ${this.#missing} bytes, more than ${maxMessage}`);
    } else if (this.#missing === 0) this.#whole(NOTHING);
    return at;
  }

  /** Whether the encoding of the response can be unpacked; breaks the call when not. */
  #unpacks(): boolean {
    const encoding = this.#head?.encoding ?? '';
    if (encoding === 'gzip') return true;
    if (encoding === '' || encoding === 'identity') {
      this.#break(GRPC_FAILURE.notCompressed, 'a message is marked as compressed and the response has no encoding');
    } else this.#break(GRPC_FAILURE.unknownEncoding, `the encoding ${JSON.stringify(encoding)} is unknown`);
    return false;
  }

  #content(bytes: Uint8Array, start: number, end: number): number {
    const stop = Math.min(end, start + this.#missing);
    this.#missing -= stop - start;
    if (!this.keeps) {
      if (this.#missing === 0) this.#whole(NOTHING);
      return stop;
    }
    this.#pieces ??= [];
    this.#pieces.push(Uint8Array.from(bytes.subarray(start, stop)));
    if (this.#missing === 0) {
      const pieces = this.#pieces;
      this.#pieces = undefined;
      this.#whole(pieces.length === 1 ? (pieces[0] as Uint8Array) : Buffer.concat(pieces));
    }
    return stop;
  }

  #whole(bytes: Uint8Array): void {
    this.#headBytes = 0;
    this.messages++;
    if (this.#flag !== COMPRESSED || !this.keeps) {
      this.message(bytes);
      return;
    }
    let unpacked: Uint8Array;
    try {
      // zlib refuses a limit that a buffer cannot have, such as Infinity.
      const maxOutputLength = Math.min(kMaxLength, Math.max(1, this.#receiving.maxMessage));
      unpacked = gunzipSync(bytes, { maxOutputLength, finishFlush: constants.Z_FINISH });
    } catch (error) {
      const tooLarge = (error as { readonly code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE';
      const failure = tooLarge ? GRPC_FAILURE.tooLarge : GRPC_FAILURE.badCompression;
      this.#break(failure, tooLarge ? 'a message is too large when it is unpacked' : 'a message is not gzip');
      return;
    }
    this.message(unpacked);
  }
}
