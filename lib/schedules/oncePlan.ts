import type { Plan } from '../core/plan.js';

/** `times` operations at once, at the start. @example oncePlan({ times: 5 }).durationNs // 0 */
export function oncePlan({ times }: { readonly times: number }): Plan {
  return {
    count: times,
    durationNs: 0,
    fractional: true,
    atNs: () => 0,
    countAt: (offsetNs) => (offsetNs > 0 ? times : 0),
    rateAt: () => 0,
  };
}
