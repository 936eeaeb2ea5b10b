import type { Plan } from '../core/plan.js';
import type { Nanos } from '../core/units.js';
import { countable, countedPlan, fractionalAtNs } from './support.js';

/** Up to this many operations are stepped over one by one; beyond that, the place is searched. */
const WALK = 64;

/**
 * Finds the operations of several plans in the order of their times. It caches the position of the last operation in
 * each plan, so the next one takes one step; the results do not depend on the cache.
 */
class MergeReader {
  readonly #parts: readonly Plan[];
  /** How many operations of each part come before the operation `#index`. */
  readonly #taken: number[];
  /** When the next operation of each part is due, in whole nanoseconds. */
  readonly #heads: number[];
  #index = 0;

  constructor(parts: readonly Plan[]) {
    this.#parts = parts;
    this.#taken = parts.map(() => 0);
    this.#heads = parts.map((_, part) => this.#headOf(part));
  }

  /**
   * When operation `index` is due. A fraction of an operation is computed by its own plan, but not after the next
   * operation.
   */
  atNs(index: number): Nanos {
    const whole = Math.floor(index);
    this.#seek(whole);
    const part = this.#first();
    const at = this.#heads[part] as number;
    if (whole === index) return at;
    const taken = this.#taken[part] as number;
    const due = fractionalAtNs(this.#parts[part] as Plan, taken + index - whole);
    const next = this.#heads.reduce((least, head, i) => (i === part ? least : Math.min(least, head)), due);
    return Math.max(at, next);
  }

  /** How many operations are due before `offsetNs`. */
  countAt(offsetNs: Nanos): number {
    let sum = 0;
    for (const part of this.#parts) sum += part.countAt(offsetNs);
    return sum;
  }

  #headOf(part: number): number {
    const plan = this.#parts[part] as Plan;
    const next = this.#taken[part] as number;
    return next < plan.count ? Math.floor(plan.atNs(next)) : Number.POSITIVE_INFINITY;
  }

  /** The part whose operation comes next. */
  #first(): number {
    let first = 0;
    for (let part = 1; part < this.#heads.length; part++) {
      if ((this.#heads[part] as number) < (this.#heads[first] as number)) first = part;
    }
    return first;
  }

  #take(part: number): void {
    (this.#taken[part] as number)++;
    this.#heads[part] = this.#headOf(part);
    this.#index++;
  }

  #seek(index: number): void {
    if (index < this.#index || index - this.#index > WALK) this.#search(index);
    while (this.#index < index) this.#take(this.#first());
  }

  /** Moves to an operation that is at most `WALK` before `index`, or to `index` itself. */
  #search(index: number): void {
    let low = 0;
    let below = 0;
    let high =
      1 +
      this.#parts.reduce((latest, part) => (part.count > 0 ? Math.max(latest, part.atNs(part.count - 1)) : latest), 0);
    high = Math.ceil(high);
    let upTo = this.countAt(high);
    // Interpolation by the mean rate is fast for steady rates, bisection for others.
    for (let guess = true; high - low > 1 && index - below > WALK; guess = !guess) {
      const share = guess ? (index - WALK / 2 - below) / (upTo - below) : 0.5;
      const middle = Math.min(high - 1, Math.max(low + 1, Math.floor(low + (high - low) * share)));
      const count = this.countAt(middle);
      if (count <= index) [low, below] = [middle, count];
      else [high, upTo] = [middle, count];
    }
    this.#index = below;
    let rest = high - low > 1 ? 0 : index - below;
    this.#parts.forEach((part, i) => {
      const before = part.countAt(low);
      // Operations of one nanosecond are in the order of the parts.
      const here = rest > 0 ? Math.min(rest, part.countAt(high) - before) : 0;
      rest -= here;
      this.#index += here;
      this.#taken[i] = before + here;
      this.#heads[i] = this.#headOf(i);
    });
  }
}

/**
 * Plans at the same time, with their operations in the order of their times, and at the same nanosecond in the order
 * of the plans. The duration is that of the longest. The rate is the sum of the rates.
 *
 * In ascending order an operation takes one step; otherwise its place is searched by counting.
 *
 * @throws ElpisError `ELPIS_CONFIG` when one of the plans is unlimited, or for more operations than can be numbered.
 * @example
 * mergePlans([constPlan({ ops: 10, duration: 1e9 }), oncePlan({ times: 5 })]).count; // 15
 */
export function mergePlans(parts: readonly Plan[]): Plan {
  for (const part of parts) countedPlan('mergeTicks', part);
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const reader = new MergeReader(parts);
  // Operations are sorted by whole nanoseconds, so they are counted by whole nanoseconds.
  const countAt = (offsetNs: Nanos): number => reader.countAt(Math.ceil(offsetNs));
  return {
    count: countable(
      'mergeTicks',
      parts.reduce((sum, part) => sum + part.count, 0),
    ),
    durationNs: parts.reduce((longest, part) => Math.max(longest, part.durationNs), 0),
    fractional: true,
    atNs: (index) => reader.atNs(index),
    countAt,
    rateAt: (offsetNs) => parts.reduce((sum, part) => sum + part.rateAt(offsetNs), 0),
  };
}
