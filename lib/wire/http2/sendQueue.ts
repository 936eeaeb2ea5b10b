import type { Bytes } from '../../core/units.js';
import type { FloodGuard } from './floodGuard.js';
import { DEFAULT_WINDOW, FRAME_HEAD, MAX_FRAME, MAX_WINDOW } from './frames.js';
import { type FrameWriter, MAX_TOGETHER } from './frameWriter.js';
import type { Http2Stream } from './http2Stream.js';

/**
 * The bodies that a connection sends, one frame of each in turn, as far as the peer permits. It stops while the socket
 * has bytes that it could not pass on, so that a slow peer does not fill the memory.
 */
export class SendQueue {
  readonly #streams: Http2Stream[] = [];
  /** Bytes that the peer permits for all streams together. */
  #window: Bytes = DEFAULT_WINDOW;
  /** True while a write to the socket is not complete. */
  #writing = false;
  readonly #written = (): void => {
    this.#writing = false;
    this.pump();
    this.flush();
  };

  /** @param ended Called for each stream whose request is complete. */
  constructor(
    readonly writer: FrameWriter,
    readonly guard: FloodGuard,
    readonly ended: (stream: Http2Stream) => void,
  ) {}

  get window(): Bytes {
    return this.#window;
  }

  /** The peer permits more bytes. Returns false when its window is larger than allowed. */
  widen(increment: Bytes): boolean {
    this.#window += increment;
    return this.#window <= MAX_WINDOW;
  }

  /** Sends of a stream what can be sent. */
  add(stream: Http2Stream): void {
    if (!stream.queued && stream.sendable) {
      stream.queued = true;
      this.#streams.push(stream);
    }
    this.pump();
  }

  remove(stream: Http2Stream): void {
    if (!stream.queued) return;
    stream.queued = false;
    this.#streams.splice(this.#streams.indexOf(stream), 1);
  }

  /** Sends what can be sent. Streams that wait for their own window leave the queue. */
  pump(): void {
    let blocked = 0;
    while (blocked < this.#streams.length && this.#room()) {
      const stream = this.#streams.shift() as Http2Stream;
      if (this.#window === 0 && stream.waiting > 0) {
        this.#streams.push(stream);
        blocked++;
        continue;
      }
      this.#window -= stream.sendFrame(this.writer, this.#window);
      this.guard.progress();
      blocked = 0;
      stream.queued = stream.sendable;
      if (stream.queued) this.#streams.push(stream);
      if (stream.localEnd) this.ended(stream);
      if (stream.waiting === 0) stream.drained();
    }
  }

  /**
   * Writes what was collected.
   *
   * @param written Called when the operating system has taken it.
   */
  flush(written?: () => void): void {
    if (this.writer.used === 0) return;
    if (this.#streams.length === 0 || this.#writing) this.writer.flush(written);
    else this.#flushMore(written);
  }

  /** Writes, and continues with the queue when the socket has passed it on. */
  #flushMore(written: (() => void) | undefined): void {
    const { writer } = this;
    const more = this.#written;
    const both = (): void => {
      written?.();
      more();
    };
    writer.flush(written === undefined ? more : both);
    this.#writing = writer.socket.pending;
  }

  /** True when a frame can be given to the socket. */
  #room(): boolean {
    const { writer } = this;
    if (this.#writing) return false;
    if (writer.used + MAX_FRAME + FRAME_HEAD <= MAX_TOGETHER) return true;
    this.#flushMore(undefined);
    return !this.#writing;
  }
}
