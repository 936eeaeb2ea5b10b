import type { Bytes } from '../../core/units.js';
import { NET_FAILURE } from '../../protocols/netFailure.js';
import { ExchangeError } from '../exchangeError.js';
import type { EncodedHead } from './encodedHead.js';
import { FRAME_HEAD, MAX_FRAME, MAX_WINDOW } from './frames.js';
import type { FrameWriter } from './frameWriter.js';
import { ERROR_CODE, Http2Error } from './http2Error.js';
import { headTooLarge } from './refusedStream.js';
import type { ReceivedHead, Stream, StreamListener } from './streamListener.js';

/** What a stream needs of its connection. */
export interface StreamOwner {
  /** The largest header list that the peer takes. */
  readonly maxHeaderList: Bytes;
  /** The stream has bytes to send. */
  hasBody(stream: Http2Stream): void;
  /** Ends the stream with RST_STREAM. */
  reset(stream: Http2Stream, code: number): void;
  /** The stream has ended in both directions. */
  ended(stream: Http2Stream): void;
}

const NOTHING = new Uint8Array(0);

/** The state of one stream: what is still to be sent, what was received, and the windows in both directions. */
export class Http2Stream implements Stream {
  bytesOut: Bytes = 0;
  bytesIn: Bytes = 0;
  waiting: Bytes = 0;
  /** True when the stream has ended, in any way. */
  over = false;
  /** True while the connection has it in the queue of bodies to send. */
  queued = false;
  /** Bytes received and not yet returned to the window of the peer. */
  consumed: Bytes = 0;
  /** The next stream in the same slot of the table of open streams. */
  older: Http2Stream | undefined = undefined;
  /** True when the final head has arrived. */
  responded = false;
  readonly #listener: StreamListener;
  readonly #owner: StreamOwner;
  /** The body from `#offset` of `#part`, then the others. */
  #part: Uint8Array | undefined;
  #offset = 0;
  #parts: Uint8Array[] | undefined;
  /** True when the last part ends the request. */
  #ends = false;
  /** The block after the body. */
  #trailers: Uint8Array | undefined;
  #localEnd = false;
  #delayed = false;
  /** Bytes that the body must have, -1 when any number is valid. */
  #expected: Bytes = -1;
  #received: Bytes = 0;

  /**
   * @param sendWindow Bytes that the peer permits to send.
   * @param receiveWindow Bytes that the peer may send.
   * @param serial Counts what the connection had received when the stream began.
   */
  constructor(
    readonly id: number,
    readonly forHead: boolean,
    listener: StreamListener,
    owner: StreamOwner,
    public sendWindow: Bytes,
    public receiveWindow: Bytes,
    readonly serial: number,
  ) {
    this.#listener = listener;
    this.#owner = owner;
  }

  write(bytes: Uint8Array, end: boolean): void {
    if (this.over || this.#ends || this.#localEnd) return;
    this.#ends = end;
    this.waiting += bytes.length;
    if (this.#part === undefined) this.#part = bytes;
    else {
      this.#parts ??= [];
      this.#parts.push(bytes);
    }
    this.#owner.hasBody(this);
    if (this.waiting > 0) this.#delayed = true;
  }

  finish(trailers: EncodedHead): void {
    if (this.over || this.#ends || this.#localEnd) return;
    const { maxHeaderList } = this.#owner;
    if (trailers.size > maxHeaderList) {
      this.#resetAs(ERROR_CODE.cancel, headTooLarge(trailers, maxHeaderList));
      return;
    }
    this.#trailers = trailers.block;
    this.write(NOTHING, true);
  }

  cancel(code: number = ERROR_CODE.cancel): void {
    if (!this.over) this.#owner.reset(this, code);
  }

  /** The request was sent without a body, or with the end of its body. */
  sentEnd(): void {
    this.#localEnd = true;
  }

  get localEnd(): boolean {
    return this.#localEnd;
  }

  /** True when a frame can be sent now, as far as the window of the stream is concerned. */
  get sendable(): boolean {
    return this.#part !== undefined && (this.sendWindow > 0 || this.waiting === 0);
  }

  /** Writes one DATA frame of at most `most` bytes. Returns the bytes of its payload. */
  sendFrame(writer: FrameWriter, most: Bytes): Bytes {
    const part = this.#part ?? NOTHING;
    const size = Math.min(part.length - this.#offset, most, this.sendWindow, MAX_FRAME);
    const stop = this.#offset + Math.max(0, size);
    const last = stop === part.length && (this.#parts === undefined || this.#parts.length === 0);
    const end = last && this.#ends;
    const sent = stop - this.#offset;
    const trailers = end ? this.#trailers : undefined;
    if (sent > 0 || (end && trailers === undefined)) {
      writer.data(this.id, part, this.#offset, stop, end && trailers === undefined);
      this.bytesOut += FRAME_HEAD + sent;
    }
    if (trailers !== undefined) this.bytesOut += writer.headers(this.id, trailers, true, false);
    this.sendWindow -= sent;
    this.waiting -= sent;
    this.#offset = stop;
    if (stop === part.length) this.#nextPart();
    if (end) this.#localEnd = true;
    return sent;
  }

  #nextPart(): void {
    this.#part = this.#parts?.shift();
    this.#offset = 0;
  }

  /** Called when a frame was sent and none waits. */
  drained(): void {
    if (!this.#delayed) return;
    this.#delayed = false;
    this.#listener.drained();
  }

  written(): void {
    if (!this.over) this.#listener.written();
  }

  /** The peer permits more bytes. Returns false when its window is larger than allowed. */
  widen(increment: Bytes): boolean {
    this.sendWindow += increment;
    return this.sendWindow <= MAX_WINDOW;
  }

  /** A header list of the peer. */
  head(head: ReceivedHead, end: boolean): void {
    if (this.responded) {
      if (!end) this.violated(ERROR_CODE.protocolError, 'a second head without the end of the stream');
      else {
        this.#listener.trailers(head);
        this.remoteEnd();
      }
      return;
    }
    const { status } = head;
    if (status === 101) this.violated(ERROR_CODE.protocolError, 'status 101 does not exist in HTTP/2');
    else if (status >= 200) this.#final(head, end);
    else if (end) this.violated(ERROR_CODE.protocolError, `an interim response with status ${status} ends the stream`);
    else this.#listener.informational(head);
  }

  #final(head: ReceivedHead, end: boolean): void {
    this.responded = true;
    const { status } = head;
    const bodyless = this.forHead || status === 204 || status === 304;
    this.#expected = bodyless ? 0 : head.length;
    this.#listener.responded(head);
    if (end) this.remoteEnd();
  }

  /** A part of the body. */
  data(bytes: Uint8Array, start: number, end: number): void {
    this.#received += end - start;
    if (this.#expected >= 0 && this.#received > this.#expected) {
      const error = new ExchangeError(NET_FAILURE.bodyTooLong, `the body is longer than ${this.#expected} bytes`);
      this.#resetAs(ERROR_CODE.protocolError, error);
    } else this.#listener.data(bytes, start, end);
  }

  /** The peer has ended the stream. */
  remoteEnd(): void {
    if (this.over) return;
    if (this.#expected > this.#received) {
      const text = `the body has ${this.#received} bytes, and content-length is ${this.#expected}`;
      this.#finish();
      this.#listener.failed(new ExchangeError(NET_FAILURE.bodyTooShort, text));
      return;
    }
    this.#finish();
    this.#listener.complete();
  }

  /** Ends a stream of which the peer has sent everything. */
  #finish(): void {
    if (this.#localEnd) this.#owner.ended(this);
    else this.#owner.reset(this, ERROR_CODE.cancel);
  }

  /** Ends the stream because the peer has broken a rule. */
  violated(code: number, message: string): void {
    if (!this.over) this.#resetAs(code, new Http2Error('violation', code, message));
  }

  #resetAs(code: number, error: Error): void {
    this.#owner.reset(this, code);
    this.#listener.failed(error);
  }

  /** The stream failed without a frame to the peer. The connection has forgotten it. */
  failed(error: unknown): void {
    this.over = true;
    this.#listener.failed(error);
  }
}
