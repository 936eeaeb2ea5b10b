import type { Observable } from 'rxjs';
import type { Tick } from '../../lib/core/plan.js';
import type { Schedule } from '../../lib/core/schedule.js';
import { repeatPlan } from '../../lib/plans/repeatPlan.js';
import { planOperator } from './planOperator.js';

/**
 * Plays a schedule several times, one after another. Like `repeat` of RxJS, but each time begins at the nominal end
 * of the one before, and operations are numbered over all of them.
 *
 * ```text
 * schedule         0--1-|
 * repeatTicks(3)   0--1-2--3-4--5-|
 * ```
 *
 * - The nominal end includes trailing pauses. With 0 times there are no operations.
 * - `poisson` and `jitter` before it give the same moments each time; after it, other moments each time.
 * - The result is a schedule: it can be pulled, has a plan, and keeps the start, the share and the scheduler. Subscribing
 *   starts it; it completes at the end of its plan and never errors; unsubscribing stops it.
 *
 * @param times The total number of times.
 * @see [repeat](https://rxjs.dev/api/operators/repeat)
 * @see {@link concatTicks}
 * @throws ElpisError `ELPIS_CONFIG` when `times` is not a whole number of at least 0, or the source has no plan.
 * @example
 * // Ten waves.
 * line({ from: 10, to: 100, duration: '30s' }).pipe(repeatTicks(10));
 */
export function repeatTicks(times: number): (source: Observable<Tick>) => Schedule {
  const instead =
    'ticks without a plan can be repeated by repeat of RxJS, which starts again at the last tick and numbers from 0';
  return planOperator('repeatTicks', instead, (plan) => repeatPlan(plan, times));
}
