import type { Observable } from 'rxjs';
import type { Tick } from '../../lib/core/plan.js';
import type { Schedule } from '../../lib/core/schedule.js';
import { stretchPlan } from '../../lib/plans/stretchPlan.js';
import { planOperator } from './planOperator.js';

/**
 * Plays a schedule in `factor` times its duration: the same operations, slower above 1, faster below.
 *
 * ```text
 * schedule     0-1-2-|
 * stretch(2)   0---1---2---|
 * ```
 *
 * - Every moment is `factor` times as far from the start; errors do not add up. An unlimited part lasts `factor` times as long.
 * - The result is a schedule: it can be pulled, has a plan, and keeps the start, the share and the scheduler. Subscribing
 *   starts it; it completes at the end of its plan and never errors; unsubscribing stops it.
 * - It changes the plan, before the run. `control` with `command.scaleBy` changes a schedule that is being played.
 *
 * @param factor 2 takes twice the time, 0.5 half of it.
 * @see {@link scaleRate}, which keeps the duration and changes the number of operations
 * @see {@link control}
 * @throws ElpisError `ELPIS_CONFIG` when the factor is not above 0, or the source has no plan.
 * @example
 * // The same load in a tenth of the time, at ten times the rate.
 * line({ from: 1, to: 10, duration: '10m' }).pipe(stretch(0.1));
 */
export function stretch(factor: number): (source: Observable<Tick>) => Schedule {
  const instead = 'ticks without a plan can be sped up by control(of(command.scaleBy(...)))';
  return planOperator('stretch', instead, (plan) => stretchPlan(plan, factor));
}
