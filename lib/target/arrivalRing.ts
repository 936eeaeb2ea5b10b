import type { EpochMs } from '../core/units.js';

/**
 * The latest arrival times, up to a fixed number of them.
 *
 * @example
 * const ring = new ArrivalRing(2);
 * for (const at of [1, 2, 3]) ring.push(at);
 * ring.toArray(); // [2, 3]
 */
export class ArrivalRing {
  readonly #times: Float64Array;
  #pushed = 0;

  constructor(capacity: number) {
    this.#times = new Float64Array(capacity);
  }

  push(at: EpochMs): void {
    if (this.#times.length > 0) this.#times[this.#pushed++ % this.#times.length] = at;
  }

  clear(): void {
    this.#pushed = 0;
  }

  /** Oldest first. */
  toArray(): EpochMs[] {
    const { length } = this.#times;
    if (this.#pushed <= length) return [...this.#times.subarray(0, this.#pushed)];
    const oldest = this.#pushed % length;
    return [...this.#times.subarray(oldest), ...this.#times.subarray(0, oldest)];
  }
}
