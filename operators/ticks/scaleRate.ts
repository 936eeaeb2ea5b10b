import type { Observable } from 'rxjs';
import type { Tick } from '../../lib/core/plan.js';
import type { Schedule } from '../../lib/core/schedule.js';
import { scalePlan } from '../../lib/plans/scalePlan.js';
import { planOperator } from './planOperator.js';

/**
 * Multiplies the rate of a schedule: `factor` times as many operations in the same time.
 *
 * ```text
 * schedule       0---1---2---|
 * scaleRate(2)   0-1-2-3-4-5-|
 * ```
 *
 * - There are `count × factor` operations, rounded down; operation `i` is due when `i / factor` operations of the
 *   schedule are. So errors do not add up, no operation is due in a pause, and a burst is `factor` times as large. With
 *   0 there are no operations.
 * - The result is a schedule: it can be pulled, has a plan, and keeps the start, the share and the scheduler. Subscribing
 *   starts it; it completes at the end of its plan and never errors; unsubscribing stops it.
 * - It changes the plan, before the run. `control` changes a schedule that is being played.
 *
 * @param factor 2 doubles the rate, 0.5 halves it.
 * @see {@link stretch}, which keeps the operations and changes their time
 * @see {@link control}
 * @throws ElpisError `ELPIS_CONFIG` when the factor is below 0, the source has no plan, or a part of it is unlimited.
 * @example
 * line({ from: 1, to: 100, duration: '60s' }).pipe(scaleRate(0.5)); // from 0.5 to 50 per second
 */
export function scaleRate(factor: number): (source: Observable<Tick>) => Schedule {
  const instead = 'ticks without a plan can be thinned out by filterPulled';
  return planOperator('scaleRate', instead, (plan) => scalePlan(plan, factor));
}
