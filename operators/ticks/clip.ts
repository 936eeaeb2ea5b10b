import type { Observable } from 'rxjs';
import type { Tick } from '../../lib/core/plan.js';
import type { Schedule } from '../../lib/core/schedule.js';
import type { Millis } from '../../lib/core/units.js';
import { clipPlan } from '../../lib/plans/clipPlan.js';
import { planOperator } from './planOperator.js';

/**
 * Plays only what a schedule does from `fromMs` on and before `toMs`, milliseconds from its start, and begins at once.
 *
 * ```text
 * schedule     0-1-2-3-4-|
 * clip(2, 7)   0-1-2|          (the operations at 2, 4 and 6)
 * ```
 *
 * - An operation at `fromMs` is played, one at `toMs` is not; numbering is anew. Without `toMs`, or with one after the end of
 *   the schedule, all that follows is played, the end included.
 * - The result is a schedule: it can be pulled, has a plan, and keeps the start, the share and the scheduler. Subscribing
 *   starts it; it completes at the end of its plan and never errors; unsubscribing stops it.
 *
 * @throws ElpisError `ELPIS_CONFIG` when `fromMs` is below 0 or above `toMs`, or the source has no plan.
 * @example
 * // Only the last minute of a long ramp.
 * line({ from: 1, to: 1000, duration: '10m' }).pipe(clip(9 * 60_000));
 */
export function clip(fromMs: Millis, toMs?: Millis): (source: Observable<Tick>) => Schedule {
  const instead = 'ticks without a plan can be cut by filterPulled, or by takeUntil of RxJS';
  return planOperator('clip', instead, (plan) => clipPlan(plan, fromMs, toMs));
}
