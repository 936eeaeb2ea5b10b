import type { Plan } from '../core/plan.js';
import type { Millis, Nanos } from '../core/units.js';
import { compositePlan } from './compositePlan.js';
import { numberFrom } from './support.js';

/** A time without operations. @example pausePlan(5e9).count // 0 */
export function pausePlan(durationNs: Nanos): Plan {
  return { count: 0, durationNs, fractional: true, atNs: () => 0, countAt: () => 0, rateAt: () => 0 };
}

/**
 * The plan after a pause of `ms` milliseconds.
 *
 * @throws ElpisError `ELPIS_CONFIG` when `ms` is below 0.
 * @example
 * shiftPlan(oncePlan({ times: 1 }), 500).atNs(0); // 500_000_000
 */
export function shiftPlan(plan: Plan, ms: Millis): Plan {
  return compositePlan([pausePlan(Math.round(numberFrom(0, 'shiftBy', ms, ' ms') * 1e6)), plan]);
}
