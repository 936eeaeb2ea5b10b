import type { Observable } from 'rxjs';
import type { Tick } from '../../lib/core/plan.js';
import type { Schedule } from '../../lib/core/schedule.js';
import { repeatPlan } from '../../lib/plans/repeatPlan.js';
import { planOperator } from './planOperator.js';

/**
 * Plays a schedule several times, one after another.
 *
 * ```text
 * schedule         0--1-|
 * repeatTicks(3)   0--1-2--3-4--5-|
 * ```
 *
 * - Each time begins at the nominal end of the one before, trailing pauses included; numbering goes on. 0 times plays none.
 * - What a seed decided before is the same each time; `poisson` and `jitter` after it differ from time to time.
 * - The result is a schedule: it can be pulled, has a plan, and keeps the start, the share and the scheduler. Subscribing
 *   starts it; it completes at the end of its plan and never errors; unsubscribing stops it.
 *
 * @throws ElpisError `ELPIS_CONFIG` when `times` is no whole number of at least 0, or the source has no plan.
 * @example
 * // Ten waves.
 * line({ from: 10, to: 100, duration: '30s' }).pipe(repeatTicks(10));
 */
export function repeatTicks(times: number): (source: Observable<Tick>) => Schedule {
  const instead =
    'ticks without a plan can be repeated by repeat of RxJS, which begins at the last tick and numbers anew';
  return planOperator('repeatTicks', instead, (plan) => repeatPlan(plan, times));
}
