import type { Plan } from '../core/plan.js';
import type { Nanos } from '../core/units.js';
import { type Seeded, seedOf, sortedUniforms } from './chance.js';
import { countBefore, countedPlan, fractionalAtNs } from './support.js';

/**
 * The same number of operations at the moments of a Poisson process with the rate of the plan, like arrivals of
 * independent users.
 *
 * Conditioned on its total, a Poisson process is that many independent moments in order, each with a density in proportion to
 * the rate (S. M. Ross, "Stochastic Processes", 1996, 2.3). So with N uniforms in order U, operation i is due when N·U(i)
 * operations of the plan are: the total is exact, any profile is possible, no operation is due in a pause, and a
 * burst stays a moment with about as many operations. Operation i is computed from i and the seed, in O(log N) and
 * O(1) memory.
 *
 * @throws ElpisError `ELPIS_CONFIG` for an unlimited plan, or a seed that is not a whole number.
 * @example
 * poissonPlan(linePlan({ from: 1, to: 100, duration: 60e9 }), { seed: 7 }).count; // 3030, as of the line
 */
export function poissonPlan(plan: Plan, { seed = 1 }: Seeded = {}): Plan {
  const base = countedPlan('poisson', plan);
  const { count } = base;
  const uniform = sortedUniforms(count, seedOf('poisson', seed));
  const last = count * (1 - Number.EPSILON);
  const atNs = (index: number): Nanos => fractionalAtNs(base, Math.min(uniform(index) * count, last));
  return {
    count,
    durationNs: base.durationNs,
    atNs,
    countAt: (offsetNs) => countBefore(count, atNs, offsetNs),
    rateAt: (offsetNs) => base.rateAt(offsetNs),
  };
}
