import type { EpochMs, Millis } from '../lib/core/units.js';

/** Moments at equal distances, each computed from its number, so errors don't add up. A distance of `Infinity` has none. */
export class SteadyRate {
  #next = 0;

  /**
   * @param from Where it begins.
   * @param every The distance of two moments.
   * @param phase How much of a distance there is from `from` to the first moment, from 0 to 1.
   */
  constructor(
    readonly from: EpochMs,
    readonly every: Millis,
    readonly phase: number,
  ) {}

  /** The next moment. */
  get next(): EpochMs {
    return Number.isFinite(this.every) ? this.from + (this.#next + this.phase) * this.every : Number.POSITIVE_INFINITY;
  }

  /** Goes on to the moment after it. */
  advance(): void {
    this.#next++;
  }

  /** How much of a distance is left from `moment`, which is not after the next one, to the next one. */
  left(moment: EpochMs): number {
    return Number.isFinite(this.every) ? (this.next - moment) / this.every : this.phase;
  }
}
