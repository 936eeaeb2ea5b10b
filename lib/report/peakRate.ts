import type { Plan } from '../core/plan.js';
import type { PerSecond } from '../core/units.js';
import { planLeaves } from '../coreutil/planLeaves.js';

const PROBES = 1000;

/**
 * The highest planned rate. `Infinity` when a part is unlimited or a burst (no time, some operations); 0 for a pause.
 */
export function peakRate(plan: Plan): PerSecond {
  let peak = 0;
  for (const leaf of planLeaves(plan)) {
    if (leaf.unlimited === true) return Number.POSITIVE_INFINITY;
    for (let probe = 0; probe <= PROBES; probe++) {
      peak = Math.max(peak, leaf.rateAt(Math.min(leaf.durationNs - 1, (leaf.durationNs * probe) / PROBES)));
    }
  }
  return peak;
}
