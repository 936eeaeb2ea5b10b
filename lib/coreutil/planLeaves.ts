import type { Plan } from '../core/plan.js';

/** The parts of a plan that are played one after another, composites taken apart. */
export function planLeaves(plan: Plan): readonly Plan[] {
  return plan.parts === undefined ? [plan] : plan.parts.flatMap(planLeaves);
}
