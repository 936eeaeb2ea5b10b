import type { PlannedLoad } from '../../../measure/summary.js';
import type { PoolView } from '../../../view/poolView.js';

/** The planned operations of a pool; `null` without a known plan, or when every instance has its own. */
export function plannedLoad({ plan, rpsPerInstance, position }: PoolView): PlannedLoad | null {
  const steered = position.stopped || position.speed !== 1 || position.steadyPerSecond !== undefined;
  if (plan === undefined || rpsPerInstance || steered) return null;
  return { count: Number.isFinite(plan.count) ? plan.count : null, durationMs: plan.durationNs / 1e6 };
}
