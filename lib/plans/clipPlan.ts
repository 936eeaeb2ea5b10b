import { type Plan, planLeaves } from '../core/plan.js';
import type { Millis, Nanos } from '../core/units.js';
import { compositePlan } from './compositePlan.js';
import { countBefore, fractionalAtNs, numberFrom, planError } from './support.js';

function clipped(base: Plan, fromNs: Nanos, toNs: Nanos): Plan {
  const durationNs = Math.max(0, Math.min(toNs, base.durationNs) - fromNs);
  const rateAt = (offsetNs: Nanos): number =>
    offsetNs >= 0 && offsetNs < durationNs ? base.rateAt(offsetNs + fromNs) : 0;
  if (base.unlimited === true) return { ...base, durationNs, rateAt };
  const first = base.countAt(fromNs);
  const count = (toNs > base.durationNs ? base.count : base.countAt(toNs)) - first;
  const atNs = (index: number): Nanos => Math.min(durationNs, fractionalAtNs(base, index + first) - fromNs);
  return {
    count,
    durationNs,
    fractional: true,
    atNs,
    countAt: (offsetNs) => countBefore(count, atNs, offsetNs),
    rateAt,
  };
}

/**
 * The part of a plan from `fromMs` to `toMs`, without the end, in milliseconds from its start; it begins at once.
 * Without `toMs`, or when that is after the end, the part includes an operation at the end of the plan.
 *
 * @throws ElpisError `ELPIS_CONFIG` when `fromMs` is below 0 or above `toMs`.
 * @example
 * clipPlan(constPlan({ ops: 10, duration: 3e9 }), 500, 1500).count; // 10
 */
export function clipPlan(plan: Plan, fromMs: Millis, toMs: Millis = Number.POSITIVE_INFINITY): Plan {
  const fromNs = Math.round(numberFrom(0, 'clip from', fromMs, ' ms') * 1e6);
  if (!(toMs >= fromMs)) throw planError('clip to', toMs, `a number of at least ${fromMs} ms, where it begins`);
  const toNs = Math.round(toMs * 1e6);
  const kept: Plan[] = [];
  let startNs = 0;
  for (const leaf of planLeaves(plan)) {
    const endNs = startNs + leaf.durationNs;
    // A burst at the end of a part is due at the start of the next; an unlimited part has no operation there.
    const reached = leaf.unlimited === true ? endNs > fromNs : endNs >= fromNs;
    if (reached && startNs < toNs) kept.push(clipped(leaf, Math.max(0, fromNs - startNs), toNs - startNs));
    startNs = endNs;
  }
  return compositePlan(kept);
}
