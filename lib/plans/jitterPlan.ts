import type { Plan } from '../core/plan.js';
import type { Millis, Nanos } from '../core/units.js';
import { indexedRandom, type Seeded, seedOf } from './chance.js';
import { countBefore, countedPlan, numberFrom } from './support.js';

/**
 * Moves each operation by a random time: uniformly by up to `amountMs` milliseconds earlier or later, but at most
 * half of the distance to its neighbour, so the order is kept. Each is moved from its own planned time, so
 * displacements do not add up. A burst stays a burst.
 *
 * @throws ElpisError `ELPIS_CONFIG` for an unlimited plan, an amount below 0, or a seed that is not a whole number.
 * @example
 * jitterPlan(constPlan({ ops: 10, duration: 1e9 }), 20, { seed: 7 }).atNs(3); // from 280 to 320 ms, the same in every run
 */
export function jitterPlan(plan: Plan, amountMs: Millis, { seed = 1 }: Seeded = {}): Plan {
  const amountNs = numberFrom(0, 'jitter amount', amountMs, ' ms') * 1e6;
  const base = countedPlan('jitter', plan);
  const random = indexedRandom(seedOf('jitter', seed));
  const { count, durationNs } = base;
  // The planned times of the last operation and of its neighbours; the next one shares two of them.
  let [known, before, at, after] = [Number.NaN, 0, 0, 0];
  const look = (index: number): void => {
    if (index === known) return;
    if (index === known + 1) [before, at] = [at, after];
    else [before, at] = [index > 0 ? base.atNs(index - 1) : -base.atNs(0), base.atNs(index)];
    after = index + 1 < count ? base.atNs(index + 1) : 2 * Math.max(durationNs, at) - at;
    known = index;
  };
  const atNs = (index: number): Nanos => {
    look(index);
    const earliest = Math.max((before - at) / 2, -amountNs);
    return Math.trunc(at + earliest + (Math.min((after - at) / 2, amountNs) - earliest) * random(index));
  };
  return {
    count,
    durationNs,
    atNs,
    countAt: (offsetNs) => countBefore(count, atNs, offsetNs),
    rateAt: (offsetNs) => base.rateAt(offsetNs),
  };
}
