import type { Observable } from 'rxjs';
import type { Tick } from '../../lib/core/plan.js';
import type { Schedule } from '../../lib/core/schedule.js';
import type { Seeded } from '../../lib/plans/chance.js';
import { poissonPlan } from '../../lib/plans/poissonPlan.js';
import { planOperator } from './planOperator.js';

/**
 * Plays the operations of a schedule at the moments of a Poisson process of the same rate, like arrivals of independent
 * users.
 *
 * ```text
 * schedule    0--1--2--3--4--5--|
 * poisson()   --01---2----345---|      (random, the same for the same seed)
 * ```
 *
 * - The total is exact, and the rate follows that of the schedule, for any shape. At a steady rate the gaps are
 *   exponential. No operation is due in a pause; a burst stays one moment with about as many operations.
 * - A Poisson process with a given total is that many independent moments, sorted. They are computed one by one from the seed;
 *   memory does not depend on their number. The same seed gives the same times, in every thread.
 * - The result is a schedule: it can be pulled, has a plan, and keeps the start, the share and the scheduler. Subscribing
 *   starts it; it completes at the end of its plan and never errors; unsubscribing stops it.
 *
 * @param options The seed.
 * @see {@link jitter}, which keeps an even rate at every moment
 * @throws ElpisError `ELPIS_CONFIG` when the seed is not a whole number, the source has no plan, or a part of it is unlimited.
 * @example
 * line({ from: 1, to: 100, duration: '60s' }).pipe(poisson({ seed: 7 }));
 */
export function poisson(options?: Seeded): (source: Observable<Tick>) => Schedule {
  const instead = 'ticks without a plan can be moved by mapPulled, as long as they keep their order';
  return planOperator('poisson', instead, (plan) => poissonPlan(plan, options));
}
