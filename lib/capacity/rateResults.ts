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

/** The reasons of a verdict that say that the generator was late. */
const LATE: readonly string[] = ['lateness', 'event-loop'];

const figure = ({ value, unit }: ThresholdState): string =>
  value === null ? 'no value' : `${Number(value.toPrecision(3))} ${unit}`.trim();

/** Why a window does not pass; undefined when it passes. What the generator did wrong comes first, because it is no limit of the target. */
function limitOf(
  window: Window,
  settings: VerdictSettings,
  perSecond: PerSecond,
  achieved: PerSecond,
  states: readonly ThresholdState[],
): string | undefined {
  const { total } = window;
  const reasons = poolReasons(summaryOf(window, { pool: '' }), settings);
  const late = reasons.find(({ code, level }) => level === 'INVALID' && LATE.includes(code));
  if (late !== undefined) return late.text;
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

  /** The step of the search. */
  get step(): CapacityStep {
    const { perSecond, measuredMs } = this;
    const window = this.#window;
    if (window === undefined)
      return { perSecond, achieved: 0, measuredMs, passes: false, limitedBy: 'nothing was measured', thresholds: [] };
    const achieved = (plannedCounts(window).ended * 1000) / measuredMs;
    const thresholds = this.judge(window);
    const limitedBy = limitOf(window, this.settings, perSecond, achieved, thresholds);
    return {
      ...{ perSecond, achieved, measuredMs, thresholds },
      ...(limitedBy === undefined ? { passes: true } : { passes: false, limitedBy }),
    };
  }
}
