import type { Plan } from '../core/plan.js';
import type { Nanos } from '../core/units.js';

const STEPS_PER_WINDOW = 20;
const MOST_STEPS = 10_000;

/**
 * The most operations that a plan has within any time of the given length; `Infinity` when only the target's speed
 * decides. Found by moving the window in small steps, so it may be too small by what such a step holds.
 */
export function busiest(plan: Plan, windowNs: Nanos): number {
  if (!Number.isFinite(plan.count) || windowNs >= plan.durationNs) return plan.count;
  const lastStart = plan.durationNs - windowNs;
  const steps = Math.min(MOST_STEPS, Math.ceil((lastStart / windowNs) * STEPS_PER_WINDOW));
  let most = 0;
  for (let step = 0; step <= steps; step++) {
    const start = (lastStart * step) / steps;
    const end = step === steps ? plan.count : plan.countAt(start + windowNs);
    most = Math.max(most, end - plan.countAt(start));
  }
  return most;
}
