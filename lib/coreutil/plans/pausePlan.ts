import type { Plan } from '../../core/plan.js';
import type { Nanos } from '../../core/units.js';

/** No operations for a time. @example pausePlan(5e9).count // 0 */
export function pausePlan(durationNs: Nanos): Plan {
  return { count: 0, durationNs, fractional: true, atNs: () => 0, countAt: () => 0, rateAt: () => 0 };
}
