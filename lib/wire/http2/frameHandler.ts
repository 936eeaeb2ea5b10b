import type { Bytes } from '../../core/units.js';
import type { FloodGuard } from './floodGuard.js';
import type { FrameSink } from './frameReader.js';
import { FLAG, FRAME, FRAME_HEAD, MAX_FRAME, uint31, uint32 } from './frames.js';
import type { HeaderBlocks } from './headerBlocks.js';
import { ERROR_CODE } from './http2Error.js';
import type { StreamTable } from './streamTable.js';

/** Receives what the peer says about the connection. */
export interface ConnectionEvents {
  /** SETTINGS, not acknowledged yet. */
  settings(bytes: Uint8Array, start: number, end: number): void;
  settingsAcked(): void;
  /** PING with the 8 bytes at `start`. */
  ping(bytes: Uint8Array, start: number): void;
  goaway(lastId: number, code: number, text: string): void;
  /** @param id 0 for the window of the connection. */
  windowUpdate(id: number, increment: Bytes): void;
  /** RST_STREAM for an open stream. */
  resetByPeer(id: number, code: number): void;
  /** The peer has broken a rule of the connection, which cannot be used further. */
  violated(code: number, message: string): void;
}

/** The most bytes of the text of GOAWAY that are kept. */
const MAX_TEXT: Bytes = 256;
const FRAME_NAMES = [
  'DATA',
  'HEADERS',
  'PRIORITY',
  'RST_STREAM',
  'SETTINGS',
  'PUSH_PROMISE',
  'PING',
  'GOAWAY',
  'WINDOW_UPDATE',
  'CONTINUATION',
];

/** Checks the frames of the peer that are not DATA (RFC 9113, section 6), and passes them to the streams and the connection. */
export class FrameHandler implements FrameSink {
  /** True when SETTINGS, which must be first, have arrived. */
  begun = false;

  constructor(
    readonly streams: StreamTable,
    readonly blocks: HeaderBlocks,
    readonly guard: FloodGuard,
    readonly events: ConnectionEvents,
  ) {}

  oversized(type: number, length: Bytes): void {
    if (this.begun || this.expects(type, 0)) this.#wrongSize(type, length);
  }

  /** Checks that a frame of this type may come now: SETTINGS first, and CONTINUATION after a block without its end. */
  expects(type: number, id: number): boolean {
    const { blocks } = this;
    if (!this.begun && type !== FRAME.settings) this.#notSettings();
    else if (blocks.id !== 0 && (type !== FRAME.continuation || id !== blocks.id)) {
      this.#broken('a header block without its end, then another frame');
    } else return true;
    return false;
  }

  #notSettings(): void {
    this.#broken('the first frame of the peer is not SETTINGS');
  }

  frame(type: number, flags: number, id: number, bytes: Uint8Array, start: number, end: number): void {
    if (!this.expects(type, id)) return;
    if (type === FRAME.headers) {
      this.#headers(flags, id, bytes, start, end);
      return;
    }
    // All others carry nothing that a request needs; too many of them are a flood.
    if (this.guard.idle()) {
      this.events.violated(ERROR_CODE.enhanceYourCalm, `${this.guard.most} frames in a row that carry nothing`);
      return;
    }
    switch (type) {
      case FRAME.priority:
        if (id === 0) this.#broken('PRIORITY on stream 0');
        else if (end - start !== 5) this.#wrongSize(type, end - start);
        return;
      case FRAME.rstStream:
        this.#rstStream(id, bytes, start, end);
        return;
      case FRAME.settings:
        this.#settings(flags, id, bytes, start, end);
        return;
      case FRAME.pushPromise:
        this.#broken('PUSH_PROMISE, although push is disabled');
        return;
      case FRAME.ping:
        this.#ping(flags, id, bytes, start, end);
        return;
      case FRAME.goaway:
        this.#goaway(id, bytes, start, end);
        return;
      case FRAME.windowUpdate:
        this.#windowUpdate(id, bytes, start, end);
        return;
      case FRAME.continuation:
        this.#continuation(flags, bytes, start, end);
        return;
      default:
      // Frames of extensions are ignored.
    }
  }

  /** Checks the id of a frame that belongs to a stream, which is not open. */
  absent(name: string, id: number): void {
    if (id === 0) this.#broken(`${name} on stream 0`);
    else if (this.streams.absence(id) === 'idle') this.#broken(`${name} on stream ${id}, which was never opened`);
    else if (this.streams.absence(id) === 'closed') {
      this.events.violated(ERROR_CODE.streamClosed, `${name} on stream ${id}, which has ended`);
    }
  }

  #broken(message: string): void {
    this.events.violated(ERROR_CODE.protocolError, message);
  }

  #wrongSize(type: number, length: Bytes): void {
    const name = FRAME_NAMES[type] ?? `a frame of type ${type}`;
    const limit = length > MAX_FRAME ? `, and ${MAX_FRAME} are allowed` : '';
    this.events.violated(ERROR_CODE.frameSizeError, `${name} with a payload of ${length} bytes${limit}`);
  }

  #headers(flags: number, id: number, bytes: Uint8Array, start: number, end: number): void {
    let from = start;
    let to = end;
    if ((flags & FLAG.padded) !== 0) {
      to -= end > start ? (bytes[start] as number) : 0;
      from += 1;
    }
    if ((flags & FLAG.priority) !== 0) from += 5;
    if (from > to) {
      this.#broken('HEADERS with more padding than payload');
      return;
    }
    const stream = this.streams.get(id);
    if (stream !== undefined) stream.bytesIn += FRAME_HEAD + end - start;
    const ends = (flags & FLAG.endStream) !== 0;
    if ((flags & FLAG.endHeaders) !== 0) this.#block(id, ends, bytes, from, to);
    else {
      this.blocks.begin(id, ends);
      this.#addPart(bytes, from, to);
    }
  }

  #continuation(flags: number, bytes: Uint8Array, start: number, end: number): void {
    const { blocks } = this;
    const { id, ends } = blocks;
    if (id === 0) {
      this.#broken('CONTINUATION without a header block');
      return;
    }
    const stream = this.streams.get(id);
    if (stream !== undefined) stream.bytesIn += FRAME_HEAD + end - start;
    if (!this.#addPart(bytes, start, end) || (flags & FLAG.endHeaders) === 0) return;
    const whole = blocks.whole();
    this.#block(id, ends, whole, 0, whole.length);
  }

  #addPart(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.blocks.add(bytes, start, end)) return true;
    this.events.violated(ERROR_CODE.enhanceYourCalm, 'a header block without an end');
    return false;
  }

  #block(id: number, ends: boolean, bytes: Uint8Array, start: number, end: number): void {
    const stream = this.streams.get(id);
    const head = this.blocks.read(bytes, start, end, stream?.responded === true);
    if (head === undefined) {
      this.events.violated(ERROR_CODE.compressionError, 'a header block that cannot be decoded');
      return;
    }
    if (stream === undefined) {
      this.#strayBlock(id);
      return;
    }
    this.guard.progress();
    if (this.blocks.problem !== '') stream.violated(ERROR_CODE.protocolError, this.blocks.problem);
    else stream.head(head, ends);
  }

  #strayBlock(id: number): void {
    if (this.guard.idle())
      this.events.violated(ERROR_CODE.enhanceYourCalm, 'too many heads of streams that have ended');
    else this.absent('HEADERS', id);
  }

  #rstStream(id: number, bytes: Uint8Array, start: number, end: number): void {
    if (end - start !== 4) this.#wrongSize(FRAME.rstStream, end - start);
    else if (id === 0) this.#broken('RST_STREAM on stream 0');
    else if (this.streams.get(id) !== undefined) {
      // One per request, so that it is no flood.
      this.guard.progress();
      this.events.resetByPeer(id, uint32(bytes, start));
    } else if (this.streams.absence(id) === 'idle') this.#broken(`RST_STREAM on stream ${id}, which was never opened`);
  }

  #settings(flags: number, id: number, bytes: Uint8Array, start: number, end: number): void {
    const ack = (flags & FLAG.ack) !== 0;
    if (id !== 0) this.#broken(`SETTINGS on stream ${id}`);
    else if (ack ? end > start : (end - start) % 6 !== 0) this.#wrongSize(FRAME.settings, end - start);
    else if (!ack) {
      this.begun = true;
      this.events.settings(bytes, start, end);
    } else if (this.begun) this.events.settingsAcked();
    else this.#notSettings();
  }

  #ping(flags: number, id: number, bytes: Uint8Array, start: number, end: number): void {
    if (id !== 0) this.#broken(`PING on stream ${id}`);
    else if (end - start !== 8) this.#wrongSize(FRAME.ping, end - start);
    else if ((flags & FLAG.ack) === 0) this.events.ping(bytes, start);
  }

  #goaway(id: number, bytes: Uint8Array, start: number, end: number): void {
    if (id !== 0) this.#broken(`GOAWAY on stream ${id}`);
    else if (end - start < 8) this.#wrongSize(FRAME.goaway, end - start);
    else {
      const text = Buffer.from(bytes.subarray(start + 8, Math.min(end, start + 8 + MAX_TEXT)));
      this.events.goaway(uint31(bytes, start), uint32(bytes, start + 4), text.toString('latin1'));
    }
  }

  #windowUpdate(id: number, bytes: Uint8Array, start: number, end: number): void {
    if (end - start !== 4) this.#wrongSize(FRAME.windowUpdate, end - start);
    else if (id !== 0 && this.streams.get(id) === undefined && this.streams.absence(id) === 'idle') {
      this.#broken(`WINDOW_UPDATE on stream ${id}, which was never opened`);
    } else this.events.windowUpdate(id, uint31(bytes, start));
  }
}
