import type { Http2Stream } from './http2Stream.js';

/** Frames for this many streams that were ended by us are ignored; the peer may have sent them before it knew. */
const MAX_CANCELLED = 1000;

/** What a frame for a stream that is not open means. */
export type Absence = 'idle' | 'cancelled' | 'closed';

/** The open streams of a connection by id, and those that ended lately. */
export class StreamTable {
  readonly #open = new Map<number, Http2Stream>();
  readonly #cancelled = new Set<number>();
  /** Frames for one stream mostly follow each other. */
  #last: Http2Stream | undefined;
  /** Id of the next stream: odd numbers, as for every client. */
  nextId = 1;

  get size(): number {
    return this.#open.size;
  }

  add(stream: Http2Stream): void {
    this.#open.set(stream.id, stream);
    this.nextId = stream.id + 2;
  }

  get(id: number): Http2Stream | undefined {
    const last = this.#last;
    if (last !== undefined && last.id === id) return last;
    this.#last = this.#open.get(id);
    return this.#last;
  }

  /** @param cancelled True when the peer may still send frames for it. */
  remove(stream: Http2Stream, cancelled: boolean): void {
    this.#open.delete(stream.id);
    if (this.#last === stream) this.#last = undefined;
    if (!cancelled) return;
    if (this.#cancelled.size === MAX_CANCELLED) {
      for (const oldest of this.#cancelled) {
        this.#cancelled.delete(oldest);
        break;
      }
    }
    this.#cancelled.add(stream.id);
  }

  /** Why `get` returned nothing for an id. */
  absence(id: number): Absence {
    if (id >= this.nextId || id % 2 === 0) return 'idle';
    return this.#cancelled.has(id) ? 'cancelled' : 'closed';
  }

  /** The open streams, oldest first. */
  all(): Http2Stream[] {
    return [...this.#open.values()];
  }
}
