import type { Http2Stream } from './http2Stream.js';

/** Frames for this many streams that were ended by us are ignored; the peer may have sent them before it knew. */
const MAX_CANCELLED = 1000;
/** Slots of a new table; a power of two. */
const FIRST_SLOTS = 16;

/** What a frame for a stream that is not open means. */
export type Absence = 'idle' | 'cancelled' | 'closed';

/**
 * The open streams of a connection by id, and those that were cancelled lately.
 *
 * A hash table whose slots are lists. Ids ascend, so that a list mostly has one stream. A `Map` makes a new table after some
 * deletions, and old tables, linked to each other, keep their streams alive until a full garbage collection; that took a fifth of
 * the time of a call.
 */
export class StreamTable {
  #slots: (Http2Stream | undefined)[] = new Array(FIRST_SLOTS).fill(undefined);
  #mask = FIRST_SLOTS - 1;
  readonly #cancelled = new Set<number>();
  size = 0;

  /** @param nextId Id of the next stream: odd numbers, as for every client. */
  constructor(public nextId = 1) {}

  add(stream: Http2Stream): void {
    if (this.size > this.#mask) this.#grow();
    this.#put(stream);
    this.size++;
    this.nextId = stream.id + 2;
  }

  get(id: number): Http2Stream | undefined {
    let stream = this.#slots[(id >>> 1) & this.#mask];
    while (stream !== undefined && stream.id !== id) stream = stream.older;
    return stream;
  }

  /**
   * Removes an open stream.
   *
   * @param cancelled True when the peer may still send frames for it.
   */
  remove(stream: Http2Stream, cancelled: boolean): void {
    const slot = (stream.id >>> 1) & this.#mask;
    const first = this.#slots[slot] as Http2Stream;
    if (first === stream) this.#slots[slot] = stream.older;
    else {
      let before = first;
      while (before.older !== stream) before = before.older as Http2Stream;
      before.older = stream.older;
    }
    stream.older = undefined;
    this.size--;
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
    const open: Http2Stream[] = [];
    for (const first of this.#slots) {
      for (let stream = first; stream !== undefined; stream = stream.older) open.push(stream);
    }
    return open.sort((a, b) => a.id - b.id);
  }

  #put(stream: Http2Stream): void {
    const slot = (stream.id >>> 1) & this.#mask;
    stream.older = this.#slots[slot];
    this.#slots[slot] = stream;
  }

  #grow(): void {
    const open = this.all();
    const slots = this.#slots.length * 2;
    this.#slots = new Array(slots).fill(undefined);
    this.#mask = slots - 1;
    for (const stream of open) this.#put(stream);
  }
}
