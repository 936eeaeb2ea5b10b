import type { Plan } from '../../core/plan.js';
import type { Nanos } from '../../core/units.js';
import { countedPlan } from './countedPlan.js';
import { MergeReader } from './mergeReader.js';

/**
 * Plans at the same time, their operations in the order of their times; of those at the same nanosecond, in the order of the
 * plans. It lasts as long as the longest. The rate is the sum of the rates.
 *
 * Asked upwards, an operation costs one step; elsewhere its place is searched by counting.
 *
 * @throws ElpisError `ELPIS_CONFIG` when one of the plans is unlimited.
 * @example
 * mergePlans([constPlan({ ops: 10, duration: 1e9 }), oncePlan({ times: 5 })]).count; // 15
 */
export function mergePlans(parts: readonly Plan[]): Plan {
  for (const part of parts) countedPlan('mergeTicks', part);
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const reader = new MergeReader(parts);
  // Operations are sorted by whole nanoseconds, so they are counted by those.
  const countAt = (offsetNs: Nanos): number => reader.countAt(Math.ceil(offsetNs));
  return {
    count: parts.reduce((sum, part) => sum + part.count, 0),
    durationNs: parts.reduce((longest, part) => Math.max(longest, part.durationNs), 0),
    fractional: true,
    atNs: (index) => reader.atNs(index),
    countAt,
    rateAt: (offsetNs) => parts.reduce((sum, part) => sum + part.rateAt(offsetNs), 0),
  };
}
