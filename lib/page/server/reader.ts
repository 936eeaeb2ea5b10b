import type { Writable } from 'node:stream';
import type { SchedulerLike } from 'rxjs';
import type { Millis } from '../../core/units.js';

/** Live frames that wait for a reader. Beyond that they are dropped, and the reader receives a new snapshot. */
export const MAX_WAITING = 64;
/** A reader that takes no byte for this long is closed. */
export const STUCK_MS: Millis = 30_000;

/** Where a {@link Reader} gets its frames. */
export interface ReaderOptions {
  /** The frames of the state so far. They are taken one at a time, each in a turn of its own. */
  readonly snapshot: (dropped: number) => Iterable<string>;
  readonly scheduler: SchedulerLike;
  /** Called once, when the reader has gone or is stuck. */
  readonly onClose: () => void;
}

/**
 * One reader of the live stream: a snapshot, then every frame. It is as fast as its connection, and no faster reader or run
 * waits for it: at most {@link MAX_WAITING} frames wait, then all of them are dropped and counted, and a new snapshot follows.
 */
export class Reader {
  #snapshot: Iterator<string> | undefined;
  #waiting: string[] = [];
  #dropped = 0;
  #overflowed = false;
  #blockedSince: number | undefined;
  #scheduled = false;
  #ending = false;
  #closed = false;

  constructor(
    private readonly stream: Writable,
    private readonly options: ReaderOptions,
  ) {
    stream.on('drain', () => {
      this.#blockedSince = undefined;
      this.#pump();
    });
    stream.on('error', () => this.close());
    stream.on('close', () => this.close());
    this.#snapshot = options.snapshot(0)[Symbol.iterator]();
    this.#pump();
  }

  /** Frames that this reader has not received. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Sends a frame after those before it, or drops it. */
  send(frame: string): void {
    if (this.#closed) return;
    if (this.#blockedSince !== undefined && this.options.scheduler.now() - this.#blockedSince > STUCK_MS) {
      this.close();
      return;
    }
    if (this.#overflowed) {
      this.#dropped++;
      return;
    }
    this.#waiting.push(frame);
    if (this.#waiting.length > MAX_WAITING) {
      this.#dropped += this.#waiting.length;
      this.#waiting = [];
      this.#overflowed = true;
    }
    this.#pump();
  }

  /** Sends what waits, and then ends the stream. */
  end(): void {
    this.#ending = true;
    this.#pump();
  }

  /** Ends the connection at once. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#waiting = [];
    this.#snapshot = undefined;
    this.stream.destroy();
    this.options.onClose();
  }

  #pump(): void {
    while (!this.#closed && this.#blockedSince === undefined && !this.#scheduled) {
      const frame = this.#next();
      if (frame === undefined) {
        if (this.#ending) this.stream.end();
        return;
      }
      if (!this.stream.write(frame)) this.#blockedSince = this.options.scheduler.now();
      if (this.#snapshot !== undefined) this.#continueLater();
    }
  }

  /** A snapshot may be large: shots that are due come between its parts. */
  #continueLater(): void {
    this.#scheduled = true;
    this.options.scheduler.schedule(() => {
      this.#scheduled = false;
      this.#pump();
    });
  }

  #next(): string | undefined {
    const part = this.#snapshot?.next();
    if (part !== undefined && part.done !== true) return part.value;
    this.#snapshot = undefined;
    if (!this.#overflowed) return this.#waiting.shift();
    this.#overflowed = false;
    this.#snapshot = this.options.snapshot(this.#dropped)[Symbol.iterator]();
    return this.#next();
  }
}
