import type { Plan } from '../core/plan.js';
import type { Nanos } from '../core/units.js';
import { countable, countBefore, countedPlan, fractionalAtNs, numberFrom, wholeCount } from './support.js';

/**
 * `factor` times the rate in the same time: `count × factor` operations, rounded down. Operation `i` is due when
 * `i / factor` operations of the plan are, so rounding errors do not add up.
 *
 * @throws ElpisError `ELPIS_CONFIG` for an unlimited plan, a factor below 0, or more operations than can be numbered.
 * @example
 * scalePlan(constPlan({ ops: 10, duration: 1e9 }), 2).count; // 20
 */
export function scalePlan(plan: Plan, factor: number): Plan {
  numberFrom(0, 'scaleRate factor', factor);
  const base = countedPlan('scaleRate', plan);
  const count = countable('scaleRate', wholeCount(base.count * factor));
  const last = base.count * (1 - Number.EPSILON);
  const atNs = (index: number): Nanos => fractionalAtNs(base, Math.min(index / factor, last));
  return {
    count,
    durationNs: base.durationNs,
    fractional: true,
    atNs,
    countAt: (offsetNs) => countBefore(count, atNs, offsetNs),
    rateAt: (offsetNs) => base.rateAt(offsetNs) * factor,
  };
}
