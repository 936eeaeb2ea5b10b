import type { Observable } from 'rxjs';
import { parseDuration } from '../codec/duration.js';
import { DONE, PENDING } from '../core/cursor.js';
import type { Plan, Tick } from '../core/plan.js';
import type { Millis, PerSecond } from '../core/units.js';
import { isPlan } from '../plugin/userValue.js';
import { PlanCursor } from '../pull/planSchedule.js';
import { Pullable } from '../pull/pullable.js';
import { VirtualClock } from '../time/virtualClock.js';
import { drawTicks } from './drawing/drawTicks.js';

/** The ticks and the end of a schedule, as offsets from its start. */
interface CollectedTicks {
  readonly at: readonly Millis[];
  /** `null` when it did not end within the limits. */
  readonly finish: Millis | null;
  readonly error: unknown;
}

/** Options of {@link expectTicks}. */
export interface CollectOptions {
  /** The clock of your own stream. Schedules and plans need none. */
  readonly clock?: VirtualClock;
  /** How many ticks are read at most. Default 1,000,000. */
  readonly limit?: number;
}

function pulled(source: Plan | Pullable<Tick>, clock: VirtualClock, limit: number): CollectedTicks {
  const start = clock.now();
  const cursor = isPlan(source) ? new PlanCursor(source, clock) : source.open(clock);
  const at: Millis[] = [];
  try {
    for (;;) {
      // Ticks of an unlimited part exist only by demand.
      if (at.length === limit || cursor.onDemand() === true) return { at, finish: null, error: undefined };
      const tick = cursor.poll();
      if (tick === PENDING) {
        // It waits with its own clock.
        const before = at.length;
        cursor.whenReady(() => undefined);
        if (clock.runSome(1) === 0 && at.length === before) return { at, finish: null, error: undefined };
        continue;
      }
      if (tick === DONE) {
        const finish = cursor.finish();
        return { at, finish: (finish ?? clock.now()) - start, error: undefined };
      }
      at.push(tick.at - start);
    }
  } catch (error) {
    return { at, finish: null, error };
  } finally {
    cursor.close();
  }
}

function pushed(source: Observable<Tick>, clock: VirtualClock, limit: number): CollectedTicks {
  const start = clock.now();
  const at: Millis[] = [];
  const outcome: { finish: Millis | null; error: unknown } = { finish: null, error: undefined };
  const subscription = source.subscribe({
    next: (tick) => {
      at.push(tick.at - start);
    },
    error: (error: unknown) => {
      outcome.error = error;
    },
    complete: () => {
      outcome.finish = clock.now() - start;
    },
  });
  while (!subscription.closed && at.length < limit && clock.runSome(1) > 0);
  subscription.unsubscribe();
  return { at: at.slice(0, limit), ...outcome };
}

/** Follows a schedule to its end, in virtual time. */
function collectTicks(source: Plan | Observable<Tick>, options: CollectOptions = {}): CollectedTicks {
  const { clock = new VirtualClock(1_000_000), limit = 1_000_000 } = options;
  return isPlan(source) || source instanceof Pullable
    ? pulled(source as Plan | Pullable<Tick>, clock, limit)
    : pushed(source, clock, limit);
}

/** A moment in a test: milliseconds as a number or bare digits, or a duration such as `1m30s`. */
function momentOf(text: string | number): Millis {
  const bare = Number(text);
  if (text !== '' && Number.isFinite(bare)) return bare;
  const ms = parseDuration(String(text));
  if (ms === undefined)
    throw new TypeError(`"${text}" is not a moment: expected milliseconds or a duration such as 1m30s`);
  return ms;
}

/** Times are compared to a thousandth of a millisecond, because moments are floats. */
const CLOSE_MS: Millis = 0.001;
/** Half of the window over which a rate is counted. */
const HALF_WINDOW_MS: Millis = 500;

/** Assertions on the ticks of a schedule; one that fails throws an `AssertionError` with a picture. */
export class TickExpectation {
  readonly #ticks: CollectedTicks;

  constructor(ticks: CollectedTicks) {
    if (ticks.error !== undefined) throw ticks.error;
    this.#ticks = ticks;
  }

  /**
   * Asserts the ticks: times from the start in milliseconds or as durations, separated by blanks. `...` at the end allows further
   * ticks; `|` and a time at the end is the completion of the schedule.
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
      const momentText = (moment: Millis | undefined): string =>
        moment === undefined ? 'none' : `at ${+moment.toFixed(3)} ms`;
      const what = `tick ${first} differs: expected ${momentText(wanted[first])}, found ${momentText(found[first])}`;
      throw drawTicks(what, wanted, at, first);
    }
    return ends < 0 ? this : this.lasting(momentOf(words[ends + 1] ?? String(finish)));
  }

  /** Asserts the number of ticks. */
  count(expected: number): this {
    const { at } = this.#ticks;
    if (at.length === expected) return this;
    throw drawTicks(`expected ${expected} ticks, found ${at.length}`, undefined, at, Math.min(expected, at.length));
  }

  /** Asserts the number of ticks before a moment. */
  countBefore(moment: string | number, expected: number): this {
    const { at } = this.#ticks;
    const found = this.#before(momentOf(moment));
    if (found === expected) return this;
    throw drawTicks(`expected ${expected} ticks before ${moment}, found ${found}`, undefined, at, found);
  }

  /** Asserts the time from its start to its completion. */
  lasting(expected: string | number): this {
    const { at, finish } = this.#ticks;
    const wanted = momentOf(expected);
    if (finish !== null && Math.abs(finish - wanted) < CLOSE_MS) return this;
    const found = finish === null ? 'no end' : `${+finish.toFixed(3)} ms`;
    throw drawTicks(`expected it to last ${wanted} ms, found ${found}`, undefined, at, at.length);
  }

  /**
   * Asserts the rate at a moment: ticks counted over the second around it (as far as the schedule lasts), by default to within one
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
 * Asserts when a schedule ticks, without waiting: a plan, or a stream of ticks, is played to its end in virtual time.
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
 * - Schedules and plans need no clock. For your own stream that waits, pass its clock as `clock`.
 * - Ticks of an unlimited part exist only by demand, so the reading stops there.
 * - An error of the stream is thrown unchanged.
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
