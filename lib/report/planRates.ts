import type { Plan } from '../core/plan.js';
import type { PerSecond } from '../core/units.js';

/**
 * The planned rate of a finite plan in each of `slots` slots of its time: the operations that are due in it, per second. A
 * plan without end, or without length, has none.
 */
export function planRates(plan: Plan, slots: number): readonly PerSecond[] {
  if (!Number.isFinite(plan.count) || plan.durationNs === 0 || plan.count === 0) return [];
  const edge = (slot: number): number => Math.round((plan.durationNs * slot) / slots);
  return Array.from({ length: slots }, (_, slot) => {
    const [from, to] = [edge(slot), edge(slot + 1)];
    const until = slot === slots - 1 ? to + 1 : to;
    return ((plan.countAt(until) - plan.countAt(from)) * 1e9) / Math.max(1, to - from);
  });
}
