import type { PerSecond } from '../core/units.js';

/** How the next rate is chosen. */
export type SearchMethod = 'step' | 'bisect' | 'aimd';

/** Options of a search. */
export interface SearchOptions {
  readonly method: SearchMethod;
  /** The first rate. */
  readonly from: PerSecond;
  /** The highest rate. */
  readonly to: PerSecond;
  /** The distance of two rates, for `step` and `aimd`. */
  readonly step: PerSecond;
  /** The half width of the result as a part of it, for `bisect`. */
  readonly precision: number;
  /** How often the two rates beside the result are measured, for `bisect`; how often the rate is cut, for `aimd`. */
  readonly repeats: number;
}

/** The rates around the capacity. */
export interface Bracket {
  /** The highest rate that passes, below all that do not. */
  readonly passed: PerSecond | null;
  /** The lowest rate that does not pass. */
  readonly failed: PerSecond | null;
}

/**
 * Chooses the rates of a search for the highest rate that passes. It only decides; the caller measures the rate and gives the
 * result, which may contradict an earlier one of the same rate.
 */
export interface RateSearch {
  /** The rate to measure next; undefined when the search is done. */
  readonly rate: PerSecond | undefined;
  readonly bracket: Bracket;
  /** The result for `rate`: of everything that was measured at it. */
  add(passes: boolean): void;
}

/** A rate is at most divided so often when the first rate does not pass. */
const MAX_HALVINGS = 10;
/** A search by bisection ends after so many measurements, also when they contradict each other. */
const MAX_MEASUREMENTS = 60;

/** The results by rate. A later result of a rate replaces the earlier one. */
class Results {
  readonly #passes = new Map<PerSecond, boolean>();
  readonly #times = new Map<PerSecond, number>();
  measurements = 0;

  add(rate: PerSecond, passes: boolean): void {
    this.#passes.set(rate, passes);
    this.#times.set(rate, this.timesOf(rate) + 1);
    this.measurements++;
  }

  timesOf(rate: PerSecond): number {
    return this.#times.get(rate) ?? 0;
  }

  get bracket(): Bracket {
    const failed = this.#least(false);
    const below = [...this.#passes].filter(([rate, passes]) => passes && (failed === null || rate < failed));
    return { passed: below.length === 0 ? null : Math.max(...below.map(([rate]) => rate)), failed };
  }

  #least(wanted: boolean): PerSecond | null {
    const rates = [...this.#passes].filter(([, passes]) => passes === wanted).map(([rate]) => rate);
    return rates.length === 0 ? null : Math.min(...rates);
  }
}

/** A search that begins at the first rate and keeps the result of each rate. */
abstract class ByResults implements RateSearch {
  protected readonly results = new Results();
  rate: PerSecond | undefined;

  constructor(protected readonly options: SearchOptions) {
    this.rate = options.from;
  }

  get bracket(): Bracket {
    return this.results.bracket;
  }

  abstract add(passes: boolean): void;
}

/** Adds `step` until a rate does not pass. */
class StepSearch extends ByResults {
  add(passes: boolean): void {
    const { step, to } = this.options;
    const rate = this.rate as PerSecond;
    this.results.add(rate, passes);
    if (passes) this.rate = rate >= to ? undefined : Math.min(to, rate + step);
    else this.rate = undefined;
  }
}

/** Doubles the rate until it does not pass, then halves the interval; in the end it measures both ends again. */
class BisectSearch extends ByResults {
  add(passes: boolean): void {
    this.results.add(this.rate as PerSecond, passes);
    this.rate = this.results.measurements >= MAX_MEASUREMENTS ? undefined : this.#next();
  }

  #next(): PerSecond | undefined {
    const { from, to, precision } = this.options;
    const { passed, failed } = this.bracket;
    if (failed === null) {
      const rate = passed as PerSecond;
      return rate < to ? Math.min(to, rate * 2) : this.#again(rate);
    }
    if (passed === null) return failed / 2 < from / 2 ** MAX_HALVINGS ? undefined : failed / 2;
    if (failed - passed > 2 * precision * passed) return (passed + failed) / 2;
    return this.#again(passed) ?? this.#again(failed);
  }

  #again(rate: PerSecond): PerSecond | undefined {
    return this.results.timesOf(rate) < this.options.repeats ? rate : undefined;
  }
}

/** After a cut the rate is this part of the one that did not pass. */
const CUT = 0.75;

/** Adds `step` while rates pass, and cuts the rate when one does not; the middle one of these is the result. */
class AimdSearch implements RateSearch {
  readonly #cuts: PerSecond[] = [];
  #best: PerSecond | null = null;
  rate: PerSecond | undefined;

  constructor(private readonly options: SearchOptions) {
    this.rate = options.from;
  }

  get bracket(): Bracket {
    const { step } = this.options;
    if (this.#cuts.length === 0) return { passed: this.#best, failed: null };
    const failed = this.#cuts.toSorted((a, b) => a - b)[(this.#cuts.length - 1) >> 1] as PerSecond;
    return { passed: this.#best === null || failed <= step ? null : failed - step, failed };
  }

  add(passes: boolean): void {
    const { step, to, from, repeats } = this.options;
    const rate = this.rate as PerSecond;
    if (passes) {
      this.#best = Math.max(this.#best ?? 0, rate);
      this.rate = rate >= to ? undefined : Math.min(to, rate + step);
      return;
    }
    this.#cuts.push(rate);
    const least = from / 2 ** MAX_HALVINGS;
    this.rate = this.#cuts.length >= repeats || rate * CUT < least ? undefined : rate * CUT;
  }
}

/** Starts a search. */
export function searchOf(options: SearchOptions): RateSearch {
  if (options.method === 'step') return new StepSearch(options);
  return options.method === 'aimd' ? new AimdSearch(options) : new BisectSearch(options);
}
