import type { EpochMs } from '../core/units.js';

/** When each of k servers will be free, the earliest first: a binary heap whose least item is replaced. */
export class ServerHeap {
  readonly #freeAt: Float64Array;

  constructor(servers: number) {
    this.#freeAt = new Float64Array(servers);
  }

  /** When the first server is free. */
  get earliest(): EpochMs {
    return this.#freeAt[0] as number;
  }

  /** Keeps the first free server busy until then. */
  occupy(until: EpochMs): void {
    const heap = this.#freeAt;
    const size = heap.length;
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= size) break;
      if (child + 1 < size && (heap[child + 1] as number) < (heap[child] as number)) child++;
      if ((heap[child] as number) >= until) break;
      heap[hole] = heap[child] as number;
      hole = child;
    }
    heap[hole] = until;
  }
}
