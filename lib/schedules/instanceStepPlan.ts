import type { Plan } from '../core/plan.js';
import type { Nanos } from '../core/units.js';
import { compositePlan } from '../coreutil/plans/compositePlan.js';
import { constPlan } from './constPlan.js';
import { oncePlan } from './oncePlan.js';

/**
 * Starts `from` instances at once, then `step` more after each pause of `stepduration`, as long as that does not exceed
 * `to`.
 *
 * @example
 * instanceStepPlan({ from: 2, to: 9, step: 3, stepduration: 1e9 }).count; // 8
 */
export function instanceStepPlan({
  from,
  to,
  step,
  stepduration,
}: {
  readonly from: number;
  readonly to: number;
  readonly step: number;
  readonly stepduration: Nanos;
}): Plan {
  const parts: Plan[] = [oncePlan({ times: from })];
  for (let reached = from + step; reached <= to; reached += step) {
    parts.push(constPlan({ ops: 0, duration: stepduration }), oncePlan({ times: step }));
  }
  return compositePlan(parts);
}
