import type { Observable } from 'rxjs';
import type { Tick } from '../../lib/core/plan.js';
import type { Schedule } from '../../lib/core/schedule.js';
import type { Millis } from '../../lib/core/units.js';
import { clipPlan } from '../../lib/plans/clipPlan.js';
import { planOperator } from './planOperator.js';

/**
 * Plays the part of a schedule from `fromMs` to `toMs`, without the end. Like `skip` and `take` of RxJS, but by
 * planned time.
 *
 * ```text
 * schedule     0-1-2-3-4-|
 * clip(2, 7)   0-1-2|          (the operations at 2, 4 and 6)
 * ```
 *
 * - An operation at `fromMs` is played, one at `toMs` is not. The part starts at once, and its operations are numbered from 0.
 * - Without `toMs`, or when it is after the end of the schedule, everything from `fromMs` on is played, including an
 *   operation at the end.
 * - The result is a schedule: it can be pulled, has a plan, and keeps the start, the share and the scheduler. Subscribing
 *   starts it; it completes at the end of its plan and never errors; unsubscribing stops it.
 *
 * @param fromMs Where the part begins, in milliseconds from the start of the schedule.
 * @param toMs Where it ends, counted in the same way. Default: the end of the schedule.
 * @see [skip](https://rxjs.dev/api/operators/skip), [take](https://rxjs.dev/api/operators/take)
 * @see {@link shiftBy}, {@link filterPulled}
 * @throws ElpisError `ELPIS_CONFIG` when `fromMs` is below 0 or above `toMs`, or the source has no plan.
 * @example
 * // Only the last minute of a long ramp.
 * line({ from: 1, to: 1000, duration: '10m' }).pipe(clip(9 * 60_000));
 */
export function clip(fromMs: Millis, toMs?: Millis): (source: Observable<Tick>) => Schedule {
  const instead = 'ticks without a plan can be cut by filterPulled, or by takeUntil of RxJS';
  return planOperator('clip', instead, (plan) => clipPlan(plan, fromMs, toMs));
}
