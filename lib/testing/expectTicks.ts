import type { Observable } from 'rxjs';
import type { Plan } from '../core/plan.js';
import type { Tick } from '../core/tick.js';
import type { Millis, PerSecond } from '../core/units.js';
import { type CollectedTicks, type CollectOptions, collectTicks } from './collectTicks.js';
import { drawTicks } from './drawing/drawTicks.js';
import { momentOf } from './momentOf.js';

/** Times are told to a thousandth of a millisecond, since moments are floats. */
const CLOSE_MS: Millis = 0.001;
/** Half of the window over which a rate is counted. */
const HALF_WINDOW_MS: Millis = 500;

/** What can be said of the ticks of a schedule; what is not true throws an `AssertionError` with a picture. */
export class TickExpectation {
  readonly #ticks: CollectedTicks;

  constructor(ticks: CollectedTicks) {
    if (ticks.error !== undefined) throw ticks.error;
    this.#ticks = ticks;
  }

  /**
   * These are the ticks: times from the start in milliseconds or as durations, separated by blanks. `...` at the end lets
   * others follow; `|` and a time at the end is when the schedule completes.
   */
  toBe(times: string): this {
    const words = times.split(/\s+/).filter((word) => word !== '');
    const ends = words.indexOf('|');
    const open = words.at(-1) === '...';
    const wanted = words.slice(0, ends >= 0 ? ends : open ? -1 : undefined).map(momentOf);
    const { at, finish } = this.#ticks;
    const found = open ? at.slice(0, wanted.length) : at;
    const wrong = wanted.findIndex((moment, i) => !(Math.abs(moment - (found[i] ?? Number.NaN)) < CLOSE_MS));
    if (wrong >= 0 || found.length !== wanted.length) {
      const first = wrong >= 0 ? wrong : wanted.length;
      const say = (moment: Millis | undefined): string =>
        moment === undefined ? 'none' : `at ${+moment.toFixed(3)} ms`;
      const what = `tick ${first} differs: expected ${say(wanted[first])}, found ${say(found[first])}`;
      throw drawTicks(what, wanted, at, first);
    }
    return ends < 0 ? this : this.lasting(momentOf(words[ends + 1] ?? String(finish)));
  }

  /** So many ticks. */
  count(expected: number): this {
    const { at } = this.#ticks;
    if (at.length === expected) return this;
    throw drawTicks(`expected ${expected} ticks, found ${at.length}`, undefined, at, Math.min(expected, at.length));
  }

  /** So many ticks before a moment. */
  countBefore(moment: string | number, expected: number): this {
    const { at } = this.#ticks;
    const found = this.#before(momentOf(moment));
    if (found === expected) return this;
    throw drawTicks(`expected ${expected} ticks before ${moment}, found ${found}`, undefined, at, found);
  }

  /** It completes so long after its start. */
  lasting(expected: string | number): this {
    const { at, finish } = this.#ticks;
    const wanted = momentOf(expected);
    if (finish !== null && Math.abs(finish - wanted) < CLOSE_MS) return this;
    const found = finish === null ? 'no end' : `${+finish.toFixed(3)} ms`;
    throw drawTicks(`expected it to last ${wanted} ms, found ${found}`, undefined, at, at.length);
  }

  /**
   * The rate at a moment: ticks counted over the second around it (as far as the schedule lasts), by default to within one
   * tick.
   */
  rateAt(moment: string | number, expected: PerSecond, tolerance?: PerSecond): this {
    const { at, finish } = this.#ticks;
    const middle = momentOf(moment);
    const from = Math.max(0, middle - HALF_WINDOW_MS);
    const until = Math.min(finish ?? Number.POSITIVE_INFINITY, middle + HALF_WINDOW_MS);
    const first = this.#before(from);
    const perSecond = (ticks: number): PerSecond => (ticks * 1000) / Math.max(CLOSE_MS, until - from);
    const found = perSecond(this.#before(until) - first);
    if (Math.abs(found - expected) <= (tolerance ?? perSecond(1)) + 1e-9) return this;
    throw drawTicks(`expected ${expected}/s at ${moment}, found ${+found.toFixed(3)}/s`, undefined, at, first);
  }

  #before(moment: Millis): number {
    const { at } = this.#ticks;
    let low = 0;
    let high = at.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((at[middle] as Millis) < moment - CLOSE_MS / 2) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/**
 * Says when a schedule ticks, without waiting for it: a plan, or a stream of ticks, is followed to its end in virtual time.
 *
 * ```text
 * tick 2 differs: expected at 900 ms, found at 1000 ms
 *
 *   expected  0 499ms 1 399ms 2 99ms
 *   actual    0 499ms 1 399ms  100ms 2
 *                             ^
 * ```
 *
 * - A picture is in the notation of marbles: each mark, the last digit of a tick's number, takes 1 ms.
 * - Schedules and plans need no clock. A stream of your own that waits needs the clock that it waits on, as `clock`.
 * - Ticks of an unlimited part exist only by demand, so following ends there.
 * - An error of the stream is thrown as it is.
 *
 * @example
 * expectTicks(line({ from: 1, to: 3, duration: '2s' }))
 *   .toBe('0 732.051 1236.068 1645.751 | 2s')
 *   .count(4);
 * expectTicks(constant({ ops: 50, duration: '1m' })).count(3000).rateAt('30s', 50).lasting('1m');
 */
export function expectTicks(schedule: Plan | Observable<Tick>, options: CollectOptions = {}): TickExpectation {
  return new TickExpectation(collectTicks(schedule, options));
}
