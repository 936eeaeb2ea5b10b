import type { Observable } from 'rxjs';
import type { Tick } from '../../lib/core/plan.js';
import type { Schedule } from '../../lib/core/schedule.js';
import { mergePlans } from '../../lib/plans/mergePlans.js';
import { joinSchedules } from './planOperator.js';

/**
 * Plays schedules at the same time, as one schedule.
 *
 * ```text
 * a                  0---1---2---|
 * b                  --0--1-|
 * mergeTicks(a, b)   0-1-23--4---|
 * ```
 *
 * - The operations stand in the order of their times and are numbered so; of those at the same nanosecond, in the order of the
 *   schedules. The rate is the sum of the rates, the time that of the longest. Without schedules it completes at once.
 * - The result is a schedule: it can be pulled and has a plan. Start, share and scheduler are those that the schedules have;
 *   one that has none goes along. Subscribing starts it; it completes at the end of its plan and never errors; unsubscribing
 *   stops it.
 *
 * @throws ElpisError `ELPIS_CONFIG` when one has no plan or is unlimited, or two differ in start, share or scheduler.
 * @example
 * mergeTicks(constant({ ops: 100, duration: '60s' }), once({ times: 500 }).pipe(shiftBy(30_000)));
 */
export function mergeTicks(...schedules: readonly Observable<Tick>[]): Schedule {
  return joinSchedules('mergeTicks', 'streams without a plan can be joined by merge of RxJS', schedules, mergePlans);
}
