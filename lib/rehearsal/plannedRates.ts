import type { Plan } from '../core/plan.js';
import type { Millis, PerSecond } from '../core/units.js';
import type { Pool } from '../engine/pool.js';

/** Instances with schedules of their own that are summed up one by one; of more, each stands for several. */
const MOST_STARTS = 2000;

function countBefore(plan: Plan, offsetNs: number): number {
  if (offsetNs <= 0) return 0;
  return offsetNs > plan.durationNs ? plan.count : plan.countAt(offsetNs);
}

/** When each copy of the schedule starts, and how many start with it. */
function starts({ rpsPerInstance, instances }: Pool): readonly { readonly atNs: number; readonly copies: number }[] {
  if (instances === undefined || instances.count === 0) return [{ atNs: 0, copies: 1 }];
  if (!rpsPerInstance) return [{ atNs: instances.atNs(0), copies: 1 }];
  const step = Math.ceil(instances.count / MOST_STARTS);
  return Array.from({ length: Math.ceil(instances.count / step) }, (_, i) => ({
    atNs: instances.atNs(i * step),
    copies: Math.min(step, instances.count - i * step),
  }));
}

/**
 * The planned rate of a pool in each slot of time from its start, as far as its schedules tell: `null` for a stream or a
 * schedule without end.
 */
export function plannedRates(pool: Pool, slotMs: Millis, slots: number): readonly PerSecond[] | null {
  const { plan, instances } = pool;
  const known = plan !== undefined && Number.isFinite(plan.count) && Number.isFinite(instances?.count ?? 0);
  if (!known) return null;
  const copies = starts(pool);
  const due = (slot: number): number =>
    copies.reduce((sum, { atNs, copies: n }) => sum + n * countBefore(plan, slot * slotMs * 1e6 - atNs), 0);
  let before = due(0);
  return Array.from({ length: slots }, (_, slot) => {
    const until = due(slot + 1);
    const rate = ((until - before) * 1000) / slotMs;
    before = until;
    return rate;
  });
}
