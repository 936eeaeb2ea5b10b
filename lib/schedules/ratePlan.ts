import { ElpisError } from '../core/errors.js';
import type { Plan } from '../core/plan.js';
import type { Millis, Nanos, PerSecond } from '../core/units.js';
import { countable, countBefore, lasting, numberFrom, planError, wholeCount } from '../plans/support.js';

/** Options of {@link ratePlan}. */
export interface RatePlanOptions {
  /** The duration in milliseconds. */
  readonly durationMs: Millis;
  /** The number of equal pieces of the time for the integral of the rate. Default 8192. */
  readonly pieces?: number;
}

/**
 * The distance of the outer nodes of the Gauss-Legendre rule of three points on [0, 1] from the middle; the rule is
 * exact to degree 5.
 */
const NODE = Math.sqrt(0.15);

/** Returns the rate at a second of a plan, checked. */
type CheckedRate = (seconds: number) => PerSecond;

function checkedRate(rate: CheckedRate): CheckedRate {
  return (seconds) => {
    const perSecond = rate(seconds);
    if (typeof perSecond === 'number' && perSecond >= 0 && Number.isFinite(perSecond)) return perSecond;
    throw new ElpisError(
      'ELPIS_CONFIG',
      `ratePlan: the rate at ${seconds} s is ${perSecond}; expected a number of at least 0`,
      { hint: 'keep it from going below 0 with Math.max(0, ...)' },
    );
  };
}

/** The integral of a rate, piece by piece. */
class RateTable {
  /** Operations due by the start of each piece. */
  readonly #due: Float64Array;
  /** The slope across each piece, relative to its mean rate, from -2 to 2. */
  readonly #tilt: Float64Array;
  readonly #pieces: number;

  constructor(rate: CheckedRate, pieces: number, pieceS: number) {
    this.#pieces = pieces;
    this.#due = new Float64Array(pieces + 1);
    this.#tilt = new Float64Array(pieces);
    let missing = 0;
    for (let piece = 0; piece < pieces; piece++) {
      const [first, middle, last] = [
        rate((piece + 0.5 - NODE) * pieceS),
        rate((piece + 0.5) * pieceS),
        rate((piece + 0.5 + NODE) * pieceS),
      ];
      const mean = (5 * first + 8 * middle + 5 * last) / 18;
      this.#tilt[piece] = mean > 0 ? Math.max(-2, Math.min(2, (last - first) / (2 * NODE * mean))) : 0;
      // Compensated (Kahan), so the table is as exact at its end as at its start.
      const before = this.#due[piece] as number;
      const more = mean * pieceS - missing;
      this.#due[piece + 1] = before + more;
      missing = (this.#due[piece + 1] as number) - before - more;
    }
  }

  /** All operations. */
  get total(): number {
    return this.#due[this.#pieces] as number;
  }

  /** The moment of an operation, as a part of the duration from 0 to 1. */
  momentOf(index: number): number {
    const piece = this.#pieceOf(index);
    const before = this.#due[piece] as number;
    const inside = (this.#due[piece + 1] as number) - before;
    const share = inside > 0 ? Math.min(1, Math.max(0, (index - before) / inside)) : 0;
    // The root u of (1 - a/2)·u + a/2·u² = share, in a form without cancellation.
    const a = this.#tilt[piece] as number;
    const b = 1 - a / 2;
    const u = share === 0 ? 0 : (2 * share) / (b + Math.sqrt(Math.max(0, b * b + 2 * a * share)));
    return (piece + Math.min(1, u)) / this.#pieces;
  }

  #pieceOf(index: number): number {
    let [low, high] = [0, this.#pieces - 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#due[middle + 1] as number) > index) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/**
 * Any rate over time: `rate(t)` operations per second at `t` seconds from the start.
 *
 * The rate is integrated once, piece by piece, into a table of how many operations are due by the end of each piece;
 * the moment of an operation is looked up in it. The error of the integral is that of the Gauss-Legendre rule (0 up to
 * the fifth degree, of order h^6 for a smooth rate), and within a piece the rate is a straight line, so the error of a
 * moment is less than a piece, for any length of the plan. A jump of the rate should be between two pieces; otherwise
 * it is spread over up to one piece. The count is the integral, cut off.
 *
 * @throws ElpisError `ELPIS_CONFIG` when `rate` returns no finite number of at least 0, with the second of that value,
 *   or when an option is out of range; and exceptions of `rate`.
 * @example
 * // A day in a minute: 500 per second, 400 more or less.
 * ticks(ratePlan((t) => 500 + 400 * Math.sin((2 * Math.PI * t) / 60), { durationMs: 60_000 })).subscribe();
 */
export function ratePlan(rate: (seconds: number) => PerSecond, { durationMs, pieces = 8192 }: RatePlanOptions): Plan {
  const durationNs = lasting('ratePlan', Math.round(numberFrom(0, 'ratePlan durationMs', durationMs, ' ms') * 1e6));
  if (!(Number.isSafeInteger(pieces) && pieces > 0 && pieces <= 1e7)) {
    throw planError('ratePlan pieces', pieces, 'a whole number from 1 to 10 million');
  }
  const rateOf = checkedRate(rate);
  const table = new RateTable(rateOf, pieces, durationNs / 1e9 / pieces);
  const count = countable('ratePlan', wholeCount(table.total));
  const atNs = (index: number): Nanos => Math.min(durationNs, Math.trunc(table.momentOf(index) * durationNs));
  return {
    count,
    durationNs,
    fractional: true,
    atNs,
    countAt: (offsetNs) => countBefore(count, atNs, offsetNs),
    rateAt: (offsetNs) => (offsetNs >= 0 && offsetNs < durationNs ? rateOf(offsetNs / 1e9) : 0),
  };
}
