import type { EpochMs } from '../core/units.js';
import { mergeTallies, type Tally } from './tally.js';

/**
 * The last tallies of a row, merged: a queue of two stacks, so that a step costs two merges on average for any length. Merging is exact
 * and has no inverse, so the older half keeps the merged tallies of all suffixes.
 *
 * ```text
 * older  (the oldest is the top)    c+b+a  c+b  c
 * newer                             d  e  f            merged: d+e+f
 * ```
 */
export class SlidingTallies {
  /** Each with the merged tally of itself and all that are newer in this half. */
  readonly #older: { readonly own: Tally; readonly merged: Tally }[] = [];
  readonly #newer: Tally[] = [];
  #newerMerged: Tally | undefined;

  push(tally: Tally): void {
    this.#newer.push(tally);
    this.#newerMerged = this.#newerMerged === undefined ? tally : mergeTallies(this.#newerMerged, tally);
  }

  /** Removes the oldest. */
  shift(): void {
    if (this.#older.length === 0) this.#turn();
    this.#older.pop();
  }

  clear(): void {
    this.#older.length = 0;
    this.#newer.length = 0;
    this.#newerMerged = undefined;
  }

  /** The begin of the n-th oldest; undefined when there are not so many. */
  from(n: number): EpochMs | undefined {
    const { length } = this.#older;
    return n < length ? this.#older[length - 1 - n]?.own.from : this.#newer[n - length]?.from;
  }

  /** All of them together; undefined when there are none. */
  get merged(): Tally | undefined {
    const older = this.#older.at(-1)?.merged;
    if (older === undefined || this.#newerMerged === undefined) return older ?? this.#newerMerged;
    return mergeTallies(older, this.#newerMerged);
  }

  #turn(): void {
    for (let own = this.#newer.pop(); own !== undefined; own = this.#newer.pop()) {
      const below = this.#older.at(-1)?.merged;
      this.#older.push({ own, merged: below === undefined ? own : mergeTallies(own, below) });
    }
    this.#newerMerged = undefined;
  }
}
