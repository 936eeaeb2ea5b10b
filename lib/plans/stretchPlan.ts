import { type Plan, planLeaves } from '../core/plan.js';
import type { Nanos } from '../core/units.js';
import { compositePlan } from './compositePlan.js';
import { countBefore, fractionalAtNs, lasting, planError } from './support.js';

function stretched(base: Plan, factor: number): Plan {
  const durationNs = lasting('stretch', Math.round(base.durationNs * factor));
  if (base.unlimited === true) {
    return {
      ...base,
      durationNs,
      rateAt: (offsetNs) => base.rateAt(offsetNs / factor),
    };
  }
  const atNs = (index: number): Nanos => Math.min(durationNs, Math.trunc(fractionalAtNs(base, index) * factor));
  return {
    count: base.count,
    durationNs,
    fractional: true,
    atNs,
    countAt: (offsetNs) => countBefore(base.count, atNs, offsetNs),
    rateAt: (offsetNs) => base.rateAt(offsetNs / factor) / factor,
  };
}

/**
 * The same operations in `factor` times the time, so at `1 / factor` of the rate. An unlimited part lasts `factor`
 * times as long.
 *
 * @throws ElpisError `ELPIS_CONFIG` when the factor is not above 0, or the result is longer than 292 years.
 * @example
 * stretchPlan(constPlan({ ops: 10, duration: 1e9 }), 2).durationNs; // 2e9, with the same 10 operations
 */
export function stretchPlan(plan: Plan, factor: number): Plan {
  if (!(factor > 0 && Number.isFinite(factor))) throw planError('stretch factor', factor, 'a number above 0');
  return compositePlan(planLeaves(plan).map((leaf) => stretched(leaf, factor)));
}
