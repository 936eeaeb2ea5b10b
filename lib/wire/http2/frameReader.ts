import type { Bytes } from '../../core/units.js';
import { FRAME, FRAME_HEAD, MAX_FRAME, uint31 } from './frames.js';

/** Receives the frames of a connection that are not DATA. */
export interface FrameSink {
  /** A whole frame: its payload is `bytes` from `start` to `end`, overwritten after the call. */
  frame(type: number, flags: number, id: number, bytes: Uint8Array, start: number, end: number): void;
  /** A frame of any type is longer than allowed. The reader has stopped. */
  oversized(type: number, length: Bytes): void;
}

/** Receives the DATA frames of a connection. */
export interface DataSink {
  /** A DATA frame begins: its payload has `length` bytes, padding included. */
  dataFrame(flags: number, id: number, length: Bytes): void;
  /** A part of the payload of the DATA frame that has begun; not empty. */
  dataPart(bytes: Uint8Array, start: number, end: number): void;
  /** The DATA frame has ended. */
  dataEnd(): void;
}

/**
 * Divides received bytes into frames. Frames are read in place; only those that arrive in pieces are copied. DATA is passed on as it
 * arrives.
 */
export class FrameReader {
  /** Bytes of the head of a frame that arrived in pieces. */
  readonly #head = new Uint8Array(FRAME_HEAD);
  #headLength = 0;
  /** True while the payload of a frame is read. */
  #inside = false;
  #type = 0;
  #flags = 0;
  #id = 0;
  #left: Bytes = 0;
  #payload: Uint8Array | undefined;
  #payloadLength: Bytes = 0;
  #stopped = false;

  constructor(
    readonly sink: FrameSink,
    readonly data: DataSink,
  ) {}

  /** Ignores all further bytes. */
  stop(): void {
    this.#stopped = true;
  }

  /** Reads the first `length` of the bytes. */
  feed(bytes: Uint8Array, length: number): void {
    let at = 0;
    while (!this.#stopped) {
      if (!this.#inside) {
        if (at === length) return;
        at = this.#readHead(bytes, at, length);
      } else if (this.#type === FRAME.data) at = this.#readData(bytes, at, length);
      else at = this.#readPayload(bytes, at, length);
      if (this.#inside && at === length) return;
    }
  }

  #readHead(bytes: Uint8Array, start: number, end: number): number {
    if (this.#headLength === 0 && end - start >= FRAME_HEAD) {
      this.#begin(bytes, start);
      return start + FRAME_HEAD;
    }
    let at = start;
    while (at < end && this.#headLength < FRAME_HEAD) this.#head[this.#headLength++] = bytes[at++] as number;
    if (this.#headLength === FRAME_HEAD) {
      this.#headLength = 0;
      this.#begin(this.#head, 0);
    }
    return at;
  }

  #begin(bytes: Uint8Array, at: number): void {
    const length = ((bytes[at] as number) << 16) | ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number);
    this.#type = bytes[at + 3] as number;
    this.#flags = bytes[at + 4] as number;
    this.#id = uint31(bytes, at + 5);
    this.#left = length;
    if (length > MAX_FRAME) {
      this.#stopped = true;
      this.sink.oversized(this.#type, length);
      return;
    }
    if (this.#type === FRAME.data) this.data.dataFrame(this.#flags, this.#id, length);
    if (length > 0) this.#inside = true;
    else if (this.#type === FRAME.data) this.#endData();
    else this.sink.frame(this.#type, this.#flags, this.#id, bytes, at + FRAME_HEAD, at + FRAME_HEAD);
  }

  #endData(): void {
    if (!this.#stopped) this.data.dataEnd();
  }

  #readData(bytes: Uint8Array, start: number, end: number): number {
    const stop = Math.min(end, start + this.#left);
    if (stop > start) {
      this.#left -= stop - start;
      this.data.dataPart(bytes, start, stop);
    }
    if (this.#left === 0) {
      this.#inside = false;
      this.#endData();
    }
    return stop;
  }

  #readPayload(bytes: Uint8Array, start: number, end: number): number {
    const length = this.#left;
    if (this.#payloadLength === 0 && end - start >= length) {
      this.#inside = false;
      this.sink.frame(this.#type, this.#flags, this.#id, bytes, start, start + length);
      return start + length;
    }
    const stop = Math.min(end, start + length - this.#payloadLength);
    if (this.#payload === undefined || this.#payload.length < length) this.#payload = new Uint8Array(length);
    this.#payload.set(bytes.subarray(start, stop), this.#payloadLength);
    this.#payloadLength += stop - start;
    if (this.#payloadLength === length) {
      this.#inside = false;
      this.#payloadLength = 0;
      this.sink.frame(this.#type, this.#flags, this.#id, this.#payload, 0, length);
    }
    return stop;
  }
}
