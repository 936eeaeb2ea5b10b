import type { EpochMs } from '../../lib/core/units.js';

/**
 * The moments at which the free instances of a {@link shoot} would be free if the generator had no delay: a multiset,
 * the earliest is taken first. It depends on the number of instances, not on which instance takes a shot.
 *
 * Moments added in ascending order, as without delays, are kept in a ring at constant cost. A moment earlier than the
 * last in the ring is kept in a binary heap, at logarithmic cost.
 */
export class IdealSlots {
  #ring = new Float64Array(16);
  #head = 0;
  #length = 0;
  /** A heap with the earliest at index 0. */
  readonly #early: number[] = [];

  add(free: EpochMs): void {
    const end = this.#head + this.#length;
    const mask = this.#ring.length - 1;
    if (this.#length > 0 && free < (this.#ring[(end - 1) & mask] as number)) this.#addEarly(free);
    else if (this.#length > mask) this.#grow(free);
    else {
      this.#ring[end & mask] = free;
      this.#length++;
    }
  }

  /** The earliest; `Infinity` when there is none. */
  get earliest(): EpochMs {
    const inRing = this.#length > 0 ? (this.#ring[this.#head] as number) : Number.POSITIVE_INFINITY;
    return this.#early.length > 0 && (this.#early[0] as number) < inRing ? (this.#early[0] as number) : inRing;
  }

  /** Takes the earliest. The multiset must not be empty. */
  take(): EpochMs {
    const inRing = this.#ring[this.#head] as number;
    if (this.#early.length > 0 && (this.#length === 0 || (this.#early[0] as number) < inRing)) return this.#takeEarly();
    this.#head = (this.#head + 1) & (this.#ring.length - 1);
    this.#length--;
    return inRing;
  }

  /** Makes the ring twice as large, and adds a moment to it. */
  #grow(free: EpochMs): void {
    const size = this.#ring.length;
    const larger = new Float64Array(2 * size);
    for (let i = 0; i < size; i++) larger[i] = this.#ring[(this.#head + i) & (size - 1)] as number;
    larger[size] = free;
    this.#ring = larger;
    this.#head = 0;
    this.#length++;
  }

  #addEarly(free: EpochMs): void {
    const heap = this.#early;
    let at = heap.length;
    heap.push(free);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if ((heap[parent] as number) <= free) break;
      heap[at] = heap[parent] as number;
      at = parent;
    }
    heap[at] = free;
  }

  #takeEarly(): EpochMs {
    const heap = this.#early;
    const earliest = heap[0] as number;
    const last = heap.pop() as number;
    const size = heap.length;
    if (size === 0) return earliest;
    let at = 0;
    for (let child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && (heap[child + 1] as number) < (heap[child] as number)) child++;
      if ((heap[child] as number) >= last) break;
      heap[at] = heap[child] as number;
      at = child;
    }
    heap[at] = last;
    return earliest;
  }
}
