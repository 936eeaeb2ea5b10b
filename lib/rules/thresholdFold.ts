import { defined } from '../core/defined.js';
import type { EpochMs, Millis } from '../core/units.js';
import type { ThresholdState } from '../measure/runVerdict.js';
import type { Window } from '../measure/window.js';
import { SlidingTallies } from './slidingTallies.js';
import { type BusyInstances, limitIn, measured, mergeTallies, type Tally, tallyOf } from './tally.js';
import { type Comparator, type Threshold, thresholdText } from './threshold.js';

/** The windows of the judged pools at one time, each with the instances of its pool. */
export type Step = readonly (readonly [window: Window, instances: BusyInstances])[];

const COMPARE: Readonly<Record<Comparator, (value: number, limit: number) => boolean>> = {
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
  '==': (value, limit) => value === limit,
  '!=': (value, limit) => value !== limit,
};

/** The distance from the limit as a part of it, above 0 when the value passes; `null` for a limit of 0. */
function marginOf(comparator: Comparator, value: number, limit: number): number | null {
  if (limit === 0) return null;
  const below = (limit - value) / Math.abs(limit);
  if (comparator === '<' || comparator === '<=') return below;
  if (comparator === '>' || comparator === '>=') return -below;
  return comparator === '==' ? -Math.abs(below) : Math.abs(below);
}

/** Timers end windows some milliseconds early or late, so a span may be shorter than its length by this part, and by at most so much. */
const TOLERANCE = 0.05;
const MAX_TOLERANCE_MS = 400;

/** The shortest span that counts as one of this length. */
const leastSpan = (lengthMs: Millis): Millis =>
  lengthMs - Math.max(1, Math.min(MAX_TOLERANCE_MS, lengthMs * TOLERANCE));

/** The result of one threshold in one span of time. */
interface Judged {
  readonly value: number | null;
  readonly limit: number | null;
  /** `null` without a value or a limit. */
  readonly passes: boolean | null;
}

/**
 * The fold of a threshold over the windows of a run.
 *
 * ```text
 * windows (p99)                  20--30--280-260-270-20
 * p99 < 250ms                    --------f---f---f-----      judged at the end: the whole run
 * p99 < 250ms over 1s for 2      ------------v---------      v: violated, and stays so
 * ```
 *
 * - Without `over` it judges all windows so far together. Only the last judgement counts, except for `otherwise: stop`.
 * - With `over` it judges, after each window, the last windows of that length together. A partial window is not among them,
 *   and the length begins anew after one. Windows without a value, such as a percentile of nothing, change nothing.
 */
export class ThresholdFold {
  readonly #last = new SlidingTallies();
  #all: Tally | undefined;
  #startsAt: EpochMs | undefined;
  #judged: Judged = { value: null, limit: null, passes: null };
  #failedInARow = 0;
  #violatedAt: EpochMs | undefined;
  #seen = false;

  constructor(readonly threshold: Threshold) {}

  /** True when the tag, the check or the metric that it names has appeared. */
  get seen(): boolean {
    return this.#seen;
  }

  /** Adds the windows of one time. */
  add(step: Step): void {
    const { threshold } = this;
    const { afterMs, overMs, otherwise } = threshold;
    const tallies = step.map(([window, instances]) => tallyOf(threshold, window, instances));
    const tally = tallies.reduce(mergeTallies);
    this.#startsAt ??= tally.from;
    this.#seen ||= tally.seen;
    if (tally.from < this.#startsAt + leastSpan(afterMs)) return;
    if (overMs === undefined) {
      // Instances are a state, not a sum over time.
      this.#all = this.#all === undefined || threshold.measure.kind === 'busy' ? tally : mergeTallies(this.#all, tally);
      this.#judge(this.#all);
      if (otherwise === 'stop') this.#count(tally.to);
    } else if (step.every(([window]) => window.partial)) this.#last.clear();
    else this.#slide(tally, overMs);
  }

  #slide(tally: Tally, overMs: number): void {
    this.#last.push(tally);
    const length = (first: number): number => tally.to - (this.#last.from(first) ?? tally.to);
    while (length(1) >= leastSpan(overMs)) this.#last.shift();
    if (length(0) < leastSpan(overMs)) return;
    const busy = this.threshold.measure.kind === 'busy';
    this.#judge(busy ? tally : (this.#last.merged ?? tally));
    this.#count(tally.to);
  }

  #judge(tally: Tally): void {
    const { comparator } = this.threshold;
    const value = measured(this.threshold, tally);
    const limit = limitIn(this.threshold, tally);
    const passes = value === null || limit === null ? null : COMPARE[comparator](value, limit);
    if (passes !== null || this.#judged.passes === null) this.#judged = { value, limit, passes };
    if (passes === null) return;
    this.#failedInARow = passes ? 0 : this.#failedInARow + 1;
  }

  #count(at: EpochMs): void {
    if (this.#failedInARow >= this.threshold.inARow) this.#violatedAt ??= at;
  }

  /** The state now, or at the end of the run, when a threshold of the whole run is decided. */
  state(end?: EpochMs): ThresholdState {
    const { threshold } = this;
    const { pool, otherwise, comparator, limit: written, overMs } = threshold;
    const { value, limit, passes } = this.#judged;
    if (end !== undefined && overMs === undefined) this.#count(end);
    const violatedAt = this.#violatedAt;
    return {
      condition: thresholdText(threshold),
      ...defined({ pool }),
      otherwise,
      status: passes === null ? 'pending' : passes ? 'passes' : 'fails',
      violated: violatedAt !== undefined,
      ...defined({ violatedAt }),
      value,
      limit: limit ?? (written.unit === 'planned' ? 0 : written.value),
      unit: written.unit === 'planned' ? '/s' : written.unit,
      margin: value === null || limit === null ? null : marginOf(comparator, value, limit),
    };
  }
}
