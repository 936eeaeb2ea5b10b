import type { Plan } from '../core/plan.js';
import type { Nanos } from '../core/units.js';
import { compositePlan } from './compositePlan.js';
import { countable, countBefore, fractionalAtNs, lasting, planError } from './support.js';

/** The largest number of repetitions of an unlimited plan, which is repeated as a list in memory. */
const MAX_UNLIMITED_TIMES = 10_000;

/**
 * The plan `times` times, one after another; with 0 times it has no operations. Each begins at the nominal end of the
 * one before. For a plan with a known count, the memory does not depend on `times`.
 *
 * @throws ElpisError `ELPIS_CONFIG` when `times` is not a whole number of at least 0, or for more operations than can
 *   be numbered, or a length above 292 years.
 * @example
 * repeatPlan(constPlan({ ops: 10, duration: 1e9 }), 3).count; // 30
 */
export function repeatPlan(plan: Plan, times: number): Plan {
  if (!(Number.isSafeInteger(times) && times >= 0)) {
    throw planError('repeatTicks times', times, 'a whole number of at least 0');
  }
  if (times === 1) return plan;
  if (!Number.isFinite(plan.count)) {
    if (times > MAX_UNLIMITED_TIMES)
      throw planError('repeatTicks times', times, `at most ${MAX_UNLIMITED_TIMES} for an unlimited schedule`);
    return compositePlan(new Array<Plan>(times).fill(plan));
  }
  const count = countable('repeatTicks', plan.count * times);
  const durationNs = lasting('repeatTicks', plan.durationNs * times);
  const atNs = (index: number): Nanos => {
    const pass = Math.floor(index / plan.count);
    return pass * plan.durationNs + fractionalAtNs(plan, index - pass * plan.count);
  };
  return {
    count,
    durationNs,
    fractional: true,
    atNs,
    countAt: (offsetNs) => countBefore(count, atNs, offsetNs),
    rateAt: (offsetNs) => (offsetNs >= 0 && offsetNs < durationNs ? plan.rateAt(offsetNs % plan.durationNs) : 0),
  };
}
