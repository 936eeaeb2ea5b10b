import type { Bytes } from '../../core/units.js';
import type { FloodGuard } from './floodGuard.js';
import type { FrameHandler } from './frameHandler.js';
import type { DataSink } from './frameReader.js';
import { DEFAULT_WINDOW, FLAG, FRAME, FRAME_HEAD } from './frames.js';
import type { FrameWriter } from './frameWriter.js';
import { ERROR_CODE } from './http2Error.js';
import type { Http2Stream } from './http2Stream.js';
import type { StreamTable } from './streamTable.js';

/** Windows that are open to the peer. */
export interface ReceiveWindows {
  /** Bytes of one stream. */
  readonly stream: Bytes;
  /** Bytes of all streams together. */
  readonly connection: Bytes;
}

/** The windows of Go's client: large enough that a window is never what a response waits for. */
export const DEFAULT_WINDOWS: ReceiveWindows = { stream: 4 * 1024 * 1024, connection: DEFAULT_WINDOW + 1024 ** 3 };

/** Reads DATA frames: padding, flow control, and the bytes for the streams. Windows are opened again when half of them was used. */
export class DataHandler implements DataSink {
  #window: Bytes = DEFAULT_WINDOW;
  #consumed: Bytes = 0;
  /** What the window grows by when the updates are written. */
  #returned: Bytes = 0;
  /** The frame that is read: its stream, unless the stream has ended, and its bytes without padding that are still to come. */
  #stream: Http2Stream | undefined;
  #length: Bytes = 0;
  #left: Bytes = 0;
  #content: Bytes = 0;
  #padded = false;
  #ends = false;

  constructor(
    readonly streams: StreamTable,
    readonly writer: FrameWriter,
    readonly frames: FrameHandler,
    readonly guard: FloodGuard,
    readonly windows: ReceiveWindows,
  ) {}

  /** Opens the window of the connection. */
  open(): void {
    const increment = this.windows.connection - DEFAULT_WINDOW;
    if (increment <= 0) return;
    this.writer.windowUpdate(0, increment);
    this.#window += increment;
  }

  dataFrame(flags: number, id: number, length: Bytes): void {
    const { events } = this.frames;
    this.#stream = undefined;
    if (!this.frames.expects(FRAME.data, id)) return;
    this.#length = this.#left = length;
    this.#content = 0;
    this.#padded = (flags & FLAG.padded) !== 0;
    this.#ends = (flags & FLAG.endStream) !== 0;
    this.#window -= length;
    if (this.#window < 0) {
      events.violated(ERROR_CODE.flowControlError, 'more bytes than the window of the connection permits');
      return;
    }
    if (this.#padded && length === 0) {
      events.violated(ERROR_CODE.frameSizeError, 'DATA with padding and an empty payload');
      return;
    }
    const stream = this.streams.get(id);
    if (stream === undefined) this.frames.absent('DATA', id);
    else this.#begin(stream);
  }

  #begin(stream: Http2Stream): void {
    this.#stream = stream;
    stream.bytesIn += FRAME_HEAD + this.#length;
    stream.receiveWindow -= this.#length;
    if (stream.receiveWindow < 0) {
      stream.violated(ERROR_CODE.flowControlError, 'more bytes than the window of the stream permits');
    } else if (!stream.responded) stream.violated(ERROR_CODE.protocolError, 'DATA before the head of the response');
  }

  dataPart(bytes: Uint8Array, start: number, end: number): void {
    let from = start;
    if (this.#padded) {
      this.#padded = false;
      from++;
      this.#left -= 1 + (bytes[start] as number);
      if (this.#left < 0) {
        this.frames.events.violated(ERROR_CODE.protocolError, 'DATA with more padding than payload');
        return;
      }
    }
    // What follows the content is padding.
    const stop = Math.min(end, from + this.#left);
    if (stop <= from) return;
    this.#left -= stop - from;
    this.#content += stop - from;
    const stream = this.#stream;
    if (stream !== undefined && !stream.over) stream.data(bytes, from, stop);
  }

  dataEnd(): void {
    const stream = this.#stream;
    if (stream !== undefined && (this.#content > 0 || this.#ends)) this.guard.progress();
    else if (this.guard.idle()) {
      const text = `${this.guard.most} frames in a row that carry nothing`;
      this.frames.events.violated(ERROR_CODE.enhanceYourCalm, text);
      return;
    }
    this.#consume(this.#length);
    if (stream === undefined || stream.over) return;
    if (this.#ends) stream.remoteEnd();
    else this.#returnWindow(stream);
  }

  /** Opens the window of the connection again. */
  #consume(length: Bytes): void {
    this.#consumed += length;
    if (this.#consumed * 2 < this.windows.connection) return;
    this.writer.windowUpdate(0, this.#consumed);
    this.#returned += this.#consumed;
    this.#consumed = 0;
  }

  /** Our frames were written: the peer may use what they permit. */
  flushed(): void {
    this.#window += this.#returned;
    this.#returned = 0;
  }

  #returnWindow(stream: Http2Stream): void {
    stream.consumed += this.#length;
    if (stream.consumed * 2 < this.windows.stream) return;
    this.writer.windowUpdate(stream.id, stream.consumed);
    stream.receiveWindow += stream.consumed;
    stream.consumed = 0;
  }
}
