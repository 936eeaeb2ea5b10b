import type { Observable } from 'rxjs';
import type { Tick } from '../../lib/core/plan.js';
import type { Schedule } from '../../lib/core/schedule.js';
import type { Millis } from '../../lib/core/units.js';
import { shiftPlan } from '../../lib/plans/shiftPlan.js';
import { planOperator } from './planOperator.js';

/**
 * Plays a schedule after a pause of `ms` milliseconds. Like `delay` of RxJS, but it moves the intended moments, so no
 * operation is late.
 *
 * ```text
 * schedule     0-1-2-|
 * shiftBy(3)   ---0-1-2-|
 * ```
 *
 * - The intended moment of every operation and the end are `ms` later. To begin in the middle of a schedule, `clip` it.
 * - The result is a schedule: it can be pulled, has a plan, and keeps the start, the share and the scheduler. Subscribing
 *   starts it; it completes at the end of its plan and never errors; unsubscribing stops it.
 *
 * @param ms The pause, in milliseconds.
 * @see [delay](https://rxjs.dev/api/operators/delay)
 * @see {@link clip}, {@link mergeTicks}
 * @throws ElpisError `ELPIS_CONFIG` when `ms` is below 0, or the source has no plan.
 * @example
 * // A burst in the tenth second of a steady load.
 * mergeTicks(constant({ ops: 100, duration: '30s' }), once({ times: 500 }).pipe(shiftBy(10_000)));
 */
export function shiftBy(ms: Millis): (source: Observable<Tick>) => Schedule {
  const instead = 'ticks without a plan can be moved by mapPulled';
  return planOperator('shiftBy', instead, (plan) => shiftPlan(plan, ms));
}
