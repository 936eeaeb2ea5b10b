import type { Plan } from '../../core/plan.js';
import type { Millis } from '../../core/units.js';
import { compositePlan } from './compositePlan.js';
import { numberFrom } from './numberFrom.js';
import { pausePlan } from './pausePlan.js';

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
