import type { Plan } from '../core/plan.js';
import type { Nanos, PerSecond } from '../core/units.js';

/**
 * Operations up to a moment, with the part of the way to the next one: a constant rate stays constant however short the
 * slots are in which it is looked at.
 */
function reached(plan: Plan, offsetNs: Nanos): number {
  const before = plan.countAt(offsetNs);
  // In a pause nothing is on its way.
  if (before === 0 || plan.rateAt(offsetNs) === 0) return before;
  const last = plan.atNs(before - 1);
  const next = before < plan.count ? plan.atNs(before) : plan.durationNs;
  return before - 1 + (next > last ? Math.min(1, (offsetNs - last) / (next - last)) : 1);
}

/**
 * The planned rate of a finite plan in each of `slots` slots of its time: the operations in it, per second, where one counts
 * from its own moment to that of the next. A plan without end, or without length, has none.
 */
export function planRates(plan: Plan, slots: number): readonly PerSecond[] {
  if (!Number.isFinite(plan.count) || plan.durationNs === 0 || plan.count === 0) return [];
  const edge = (slot: number): number => Math.round((plan.durationNs * slot) / slots);
  return Array.from({ length: slots }, (_, slot) => {
    const [from, to] = [edge(slot), edge(slot + 1)];
    const until = slot === slots - 1 ? plan.count : reached(plan, to);
    return ((until - reached(plan, from)) * 1e9) / Math.max(1, to - from);
  });
}
