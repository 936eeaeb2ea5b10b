import type { Plan } from '../core/plan.js';
import type { Nanos } from '../core/units.js';
import { countable, fractionalAtNs, lasting } from './support.js';

/** Index of the last entry that is not above `value`, in a sorted list that starts at or below it. */
function lastNotAbove(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((sorted[middle] as number) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * Plans one after another: each starts at the nominal end of the one before, not at its last operation. One that
 * contains an unlimited part has an unknown count; its parts are then played one after another.
 *
 * @throws ElpisError `ELPIS_CONFIG` for more operations than can be numbered, or a length above 292 years.
 * @example
 * compositePlan([linePlan({ from: 1, to: 10, duration: 60e9 }), constPlan({ ops: 10, duration: 60e9 })]).count; // 930
 */
export function compositePlan(parts: readonly Plan[]): Plan {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const firstIndex: number[] = [0];
  const startNs: Nanos[] = [0];
  for (const part of parts) {
    firstIndex.push((firstIndex.at(-1) as number) + part.count);
    startNs.push((startNs.at(-1) as number) + part.durationNs);
  }
  const count = firstIndex.at(-1) as number;
  if (Number.isFinite(count)) countable('composite schedule', count);
  const durationNs = lasting('composite schedule', startNs.at(-1) as number);
  const partAt = (offsetNs: Nanos): number => Math.min(lastNotAbove(startNs, Math.max(0, offsetNs)), parts.length - 1);
  const plan: Plan = {
    count,
    durationNs,
    fractional: true,
    stages: parts,
    atNs: (index) => {
      const part = lastNotAbove(firstIndex, index);
      return (startNs[part] as number) + fractionalAtNs(parts[part] as Plan, index - (firstIndex[part] as number));
    },
    // Parts without length (bursts) may share one start, so every part that has begun is searched.
    countAt: (offsetNs) =>
      parts.reduce((sum, part, i) => {
        const inside = offsetNs - (startNs[i] as number);
        return inside <= 0 ? sum : sum + part.countAt(inside);
      }, 0),
    rateAt: (offsetNs) => {
      const part = partAt(offsetNs);
      return parts[part]?.rateAt(offsetNs - (startNs[part] as number)) ?? 0;
    },
  };
  return Number.isFinite(count) ? plan : { ...plan, parts };
}
