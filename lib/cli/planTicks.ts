import type { Plan } from '../core/plan.js';
import type { Millis } from '../core/units.js';
import { planLeaves } from '../coreutil/planLeaves.js';

/** One planned operation: its number and its time from the start of the plan. */
export interface PlannedTick {
  readonly index: number;
  readonly offsetMs: Millis;
}

/** The first `limit` operations of a plan. Operations from an unlimited part on have no planned time, so it stops there. */
export function* planTicks(plan: Plan, limit: number): Generator<PlannedTick> {
  const parts = planLeaves(plan);
  let index = 0;
  let startNs = 0;
  for (const part of parts) {
    if (!Number.isFinite(part.count)) return;
    for (let i = 0; i < part.count; i++) {
      if (index >= limit) return;
      yield { index: index++, offsetMs: (startNs + part.atNs(i)) / 1e6 };
    }
    startNs += part.durationNs;
  }
}
