import type { Millis, PerSecond } from '../core/units.js';
import type { CapacityStep } from '../measure/capacityState.js';
import type { ThresholdState } from '../measure/runVerdict.js';
import { plannedCounts, summaryOf } from '../measure/summary.js';
import type { VerdictSettings } from '../measure/verdict/limits.js';
import { poolReasons } from '../measure/verdict/poolReasons.js';
import { mergeWindows, type Window } from '../measure/window.js';

/** Judges a window by thresholds. */
export type Judge = (window: Window) => readonly ThresholdState[];

/** The largest part of the operations that may be discarded at a rate that passes. */
const MAX_NOT_SHOT = 0.01;
/** The smallest part of the rate that must be reached. */
const MIN_ACHIEVED = 0.95;

/** The reasons of a verdict that say that the generator was late, in the words of a limit. */
const LATE: ReadonlyMap<string, string> = new Map([
  ['lateness', 'the lateness of the generator'],
  ['event-loop', "the delays of the generator's event loop"],
]);

const figure = ({ value, unit }: ThresholdState): string =>
  value === null ? 'no value' : `${Number(value.toPrecision(3))} ${unit}`.trim();

/** How late the generator was in a window, as a limit; undefined when it was not too late. */
function latenessOf(window: Window, settings: VerdictSettings): string | undefined {
  for (const { code, level, value, limit } of poolReasons(summaryOf(window, { pool: '' }), settings)) {
    const what = LATE.get(code);
    if (what !== undefined && level === 'INVALID')
      return `${what} (p99 ${value.toPrecision(3)} ms, limit ${limit.toPrecision(3)} ms)`;
  }
  return undefined;
}

/** Why a window does not pass by what it says of the target and of the config; undefined when it passes. */
function limitOf(
  { total }: Window,
  perSecond: PerSecond,
  achieved: PerSecond,
  states: readonly ThresholdState[],
): string | undefined {
  const failing = states.find(({ status }) => status === 'fails');
  if (failing !== undefined) return `${failing.condition}, with ${figure(failing)}`;
  const notShot = total.count === 0 ? 0 : total.discarded / total.count;
  if (notShot > MAX_NOT_SHOT) return `${(100 * notShot).toFixed(1)} % of the operations found no free instance`;
  if (achieved < MIN_ACHIEVED * perSecond) return `only ${Number(achieved.toPrecision(3))} operations per second ended`;
  return undefined;
}

/** Everything that was measured at one rate. */
export class RateResult {
  #window: Window | undefined;
  measuredMs: Millis = 0;

  constructor(
    readonly perSecond: PerSecond,
    private readonly judge: Judge,
    private readonly settings: VerdictSettings,
  ) {}

  add(window: Window): void {
    this.#window = this.#window === undefined ? window : mergeWindows(this.#window, window);
    this.measuredMs += window.to - window.from;
  }

  /** This result and a later one of the same rate, as one. */
  with(later: RateResult): RateResult {
    const both = new RateResult(this.perSecond, this.judge, this.settings);
    for (const window of [this.#window, later.#window]) if (window !== undefined) both.add(window);
    // There may be other rates between them.
    both.measuredMs = this.measuredMs + later.measuredMs;
    return both;
  }

  /** Why the times are no evidence about the target, as a limit: the generator was late. Undefined when it was not. */
  get lateness(): string | undefined {
    return this.#window === undefined ? undefined : latenessOf(this.#window, this.settings);
  }

  /** The step of the search. */
  get step(): CapacityStep {
    const { perSecond, measuredMs } = this;
    const window = this.#window;
    if (window === undefined)
      return { perSecond, achieved: 0, measuredMs, passes: false, limitedBy: 'nothing was measured', thresholds: [] };
    const achieved = (plannedCounts(window).ended * 1000) / measuredMs;
    const thresholds = this.judge(window);
    // What the generator did wrong comes first, because it is no limit of the target.
    const limitedBy = this.lateness ?? limitOf(window, perSecond, achieved, thresholds);
    return {
      ...{ perSecond, achieved, measuredMs, thresholds },
      ...(limitedBy === undefined ? { passes: true } : { passes: false, limitedBy }),
    };
  }
}
