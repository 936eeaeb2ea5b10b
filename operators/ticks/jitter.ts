import type { Observable } from 'rxjs';
import type { Tick } from '../../lib/core/plan.js';
import type { Schedule } from '../../lib/core/schedule.js';
import type { Millis } from '../../lib/core/units.js';
import type { Seeded } from '../../lib/plans/chance.js';
import { jitterPlan } from '../../lib/plans/jitterPlan.js';
import { planOperator } from './planOperator.js';

/**
 * Moves each operation of a schedule by a random time, up to `amountMs` milliseconds earlier or later. Like
 * `delayWhen` of RxJS with a random delay, but operations also move to earlier moments, and the order, the rate and
 * the plan are kept.
 *
 * ```text
 * schedule    0----1----2----3----|
 * jitter(2)   -0--1------2-3------|      (random, the same for the same seed)
 * ```
 *
 * - The displacement is uniform, but at most half of the distance to the neighbour on that side. So the order is kept, and a
 *   schedule whose gaps are smaller than `amountMs` keeps its rate at every moment. A burst stays a burst.
 * - Each operation is moved from its own planned time, so displacements never add up. The number of operations and the end do not
 *   change. Memory does not depend on the number. The same seed gives the same times, in every thread.
 * - The result is a schedule: it can be pulled, has a plan, and keeps the start, the share and the scheduler. Subscribing
 *   starts it; it completes at the end of its plan and never errors; unsubscribing stops it.
 *
 * @param amountMs The largest displacement, in milliseconds.
 * @param options The seed.
 * @see [delayWhen](https://rxjs.dev/api/operators/delayWhen)
 * @see {@link poisson}, for arrivals as irregular as those of independent users
 * @throws ElpisError `ELPIS_CONFIG` when the amount is below 0, the seed is not a whole number, the source has no plan, or a part of
 *   it is unlimited.
 * @example
 * constant({ ops: 10, duration: '30s' }).pipe(jitter(30, { seed: 7 }));
 */
export function jitter(amountMs: Millis, options?: Seeded): (source: Observable<Tick>) => Schedule {
  const instead = 'ticks without a plan can be moved by mapPulled, as long as they keep their order';
  return planOperator('jitter', instead, (plan) => jitterPlan(plan, amountMs, options));
}
