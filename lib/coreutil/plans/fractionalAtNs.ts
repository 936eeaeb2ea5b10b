import type { Plan } from '../../core/plan.js';
import type { Nanos } from '../../core/units.js';

/** The time after the last operation that is its own: up to the end of the plan, but no longer than the gap before it. */
function lastGapNs(plan: Plan, atNs: Nanos): Nanos {
  const rest = Math.max(0, plan.durationNs - atNs);
  return plan.count > 1 ? Math.min(rest, atNs - plan.atNs(plan.count - 2)) : rest;
}

/**
 * The moment by which `index` operations of a finite plan are due, also for a fraction of an operation, with
 * `0 <= index < count`: by the formula of the plan if it has one, else on a straight line between its operations.
 *
 * @example
 * fractionalAtNs(constPlan({ ops: 2, duration: 1e9 }), 0.5); // 250_000_000
 */
export function fractionalAtNs(plan: Plan, index: number): Nanos {
  if (plan.fractional === true || Number.isInteger(index)) return plan.atNs(index);
  const whole = Math.floor(index);
  const atNs = plan.atNs(whole);
  const gapNs = whole + 1 < plan.count ? plan.atNs(whole + 1) - atNs : lastGapNs(plan, atNs);
  return Math.trunc(atNs + (index - whole) * gapNs);
}
