import type { Bytes } from '../../core/units.js';
import type { HttpSocket } from '../dial/connector.js';
import { FLAG, FRAME, FRAME_HEAD, MAX_FRAME, PREFACE } from './frames.js';

/** Frames that are written together have at most this many bytes. */
export const MAX_TOGETHER: Bytes = 32 * 1024;
/** The first room of a connection: thousands of connections with few streams need no more. */
const FIRST_ROOM: Bytes = 512;
/** Smaller writes to a socket that does not take them at once are copied, so that the room is used again. */
const COPIED: Bytes = 4096;

/** Collects the frames of one callback of the event loop and writes them to the socket together. */
export class FrameWriter {
  #room: Buffer | undefined;
  #used: Bytes = 0;

  /** @param copies True for a socket that keeps what is written until later, such as one with TLS. */
  constructor(
    readonly socket: HttpSocket,
    readonly copies: boolean,
  ) {}

  /** Bytes that `flush` would write. */
  get used(): Bytes {
    return this.#used;
  }

  preface(): void {
    const at = this.#reserve(PREFACE.length);
    (this.#room as Buffer).set(PREFACE, at);
  }

  /**
   * A header block: HEADERS and as many CONTINUATION as it needs.
   *
   * @param resize Begins the block with a change of the table size to 0.
   * @returns The bytes of all frames.
   */
  headers(id: number, block: Uint8Array, end: boolean, resize: boolean): Bytes {
    const extra = resize ? 1 : 0;
    const size = Math.min(block.length, MAX_FRAME - extra);
    let flags = (end ? FLAG.endStream : 0) | (size === block.length ? FLAG.endHeaders : 0);
    let at = this.#head(size + extra, FRAME.headers, flags, id);
    if (resize) (this.#room as Buffer)[at++] = 0x20;
    this.#copy(block, 0, size, at);
    let total = FRAME_HEAD + size + extra;
    for (let sent = size; sent < block.length; ) {
      const stop = Math.min(block.length, sent + MAX_FRAME);
      flags = stop === block.length ? FLAG.endHeaders : 0;
      at = this.#head(stop - sent, FRAME.continuation, flags, id);
      this.#copy(block, sent, stop, at);
      total += FRAME_HEAD + stop - sent;
      sent = stop;
    }
    return total;
  }

  /** A DATA frame with `bytes` from `start` to `stop`, at most {@link MAX_FRAME} bytes. */
  data(id: number, bytes: Uint8Array, start: number, stop: number, end: boolean): void {
    const at = this.#head(stop - start, FRAME.data, end ? FLAG.endStream : 0, id);
    this.#copy(bytes, start, stop, at);
  }

  /** SETTINGS with pairs of id and value. */
  settings(pairs: readonly (readonly [id: number, value: number])[]): void {
    let at = this.#head(pairs.length * 6, FRAME.settings, 0, 0);
    const room = this.#room as Buffer;
    for (const [id, value] of pairs) {
      at = room.writeUInt16BE(id, at);
      at = room.writeUInt32BE(value, at);
    }
  }

  settingsAck(): void {
    this.#head(0, FRAME.settings, FLAG.ack, 0);
  }

  /** The acknowledgement of a PING with the 8 bytes at `start`. */
  pingAck(bytes: Uint8Array, start: number): void {
    const at = this.#head(8, FRAME.ping, FLAG.ack, 0);
    this.#copy(bytes, start, start + 8, at);
  }

  windowUpdate(id: number, increment: Bytes): void {
    this.#number(FRAME.windowUpdate, id, increment);
  }

  rstStream(id: number, code: number): void {
    this.#number(FRAME.rstStream, id, code);
  }

  goaway(code: number): void {
    const at = this.#head(8, FRAME.goaway, 0, 0);
    const room = this.#room as Buffer;
    room.writeUInt32BE(0, at);
    room.writeUInt32BE(code, at + 4);
  }

  /** Writes what was collected. `written` is called when the operating system has taken it. */
  flush(written?: () => void): void {
    if (this.#used === 0) return;
    const bytes = (this.#room as Buffer).subarray(0, this.#used);
    this.#used = 0;
    if (this.copies && bytes.length <= COPIED) {
      this.socket.write(Buffer.from(bytes), written);
      return;
    }
    this.socket.write(bytes, written);
    if (this.copies || this.socket.pending) this.#room = undefined;
  }

  #number(type: number, id: number, value: number): void {
    const at = this.#head(4, type, 0, id);
    (this.#room as Buffer).writeUInt32BE(value, at);
  }

  #copy(bytes: Uint8Array, start: number, stop: number, at: number): void {
    const room = this.#room as Buffer;
    if (stop - start > 64) {
      room.set(start === 0 && stop === bytes.length ? bytes : bytes.subarray(start, stop), at);
      return;
    }
    for (let i = start; i < stop; i++) room[at + i - start] = bytes[i] as number;
  }

  /** Writes the head of a frame and returns the place of its payload, which the caller fills. */
  #head(length: Bytes, type: number, flags: number, id: number): number {
    const at = this.#reserve(FRAME_HEAD + length);
    const room = this.#room as Buffer;
    room[at] = length >>> 16;
    room[at + 1] = length >>> 8;
    room[at + 2] = length;
    room[at + 3] = type;
    room[at + 4] = flags;
    room[at + 5] = id >>> 24;
    room[at + 6] = id >>> 16;
    room[at + 7] = id >>> 8;
    room[at + 8] = id;
    return at + FRAME_HEAD;
  }

  #reserve(length: Bytes): number {
    if (this.#used + length > MAX_TOGETHER) this.flush();
    const at = this.#used;
    this.#used += length;
    if (this.#used > (this.#room?.length ?? 0)) this.#grow();
    return at;
  }

  #grow(): void {
    const old = this.#room;
    let size = old?.length ?? FIRST_ROOM;
    while (size < this.#used) size *= 2;
    this.#room = Buffer.allocUnsafeSlow(size);
    if (old !== undefined) this.#room.set(old);
  }
}
