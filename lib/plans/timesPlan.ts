import type { Plan } from '../core/plan.js';
import type { Nanos } from '../core/units.js';
import { countBefore, lasting, numberFrom, planError } from './support.js';

const SECOND: Nanos = 1e9;

/**
 * Operations at given times, in nanoseconds from the start and in order. The rate at a moment is that of the second around it.
 *
 * @param durationNs Nominal length. Default: up to the last operation.
 * @throws ElpisError `ELPIS_CONFIG` when the times decrease or are not finite numbers of at least 0, or the length
 *   ends before the last one.
 * @example
 * timesPlan([0, 100e6, 150e6]).count; // 3
 */
export function timesPlan(timesNs: ArrayLike<Nanos>, durationNs?: Nanos): Plan {
  const count = timesNs.length;
  for (let i = 0; i < count; i++) {
    const least = i === 0 ? 0 : (timesNs[i - 1] as Nanos);
    const time = timesNs[i] as Nanos;
    if (!(time >= least && Number.isFinite(time)))
      throw planError(`timesPlan times[${i}]`, time, `a number of at least ${least} ns`);
  }
  const atNs = (index: number): Nanos => timesNs[index] as Nanos;
  const lastNs = count > 0 ? atNs(count - 1) : 0;
  const lengthNs = lasting(
    'timesPlan',
    numberFrom(lastNs, 'timesPlan durationNs', durationNs ?? lastNs, ' ns, when the last operation is due'),
  );
  const countAt = (offsetNs: Nanos): number => countBefore(count, atNs, offsetNs);
  return {
    count,
    durationNs: lengthNs,
    atNs,
    countAt,
    rateAt: (offsetNs) => {
      if (offsetNs < 0 || offsetNs >= lengthNs) return 0;
      const from = Math.max(0, offsetNs - SECOND / 2);
      const to = Math.min(lengthNs, offsetNs + SECOND / 2);
      return ((countAt(to) - countAt(from)) * SECOND) / (to - from);
    },
  };
}
