import type { Observable } from 'rxjs';
import type { Tick } from '../../lib/core/plan.js';
import type { Schedule } from '../../lib/core/schedule.js';
import { mergePlans } from '../../lib/plans/mergePlans.js';
import { joinSchedules } from './planOperator.js';

/**
 * Plays schedules at the same time, as one schedule. Like `merge` of RxJS, but the result has a plan and can be pulled.
 *
 * ```text
 * a                  0---1---2---|
 * b                  --0--1-|
 * mergeTicks(a, b)   0-1-23--4---|
 * ```
 *
 * - The operations are sorted and numbered by their times; those at the same nanosecond, in the order of the schedules. The rate is
 *   the sum of the rates, the duration that of the longest. Without schedules it completes at once.
 * - The result is a schedule: it can be pulled and has a plan. Start, share and scheduler are those of the schedules;
 *   a schedule without one takes that of the others. Subscribing starts it; it completes at the end of its plan and never errors;
 *   unsubscribing stops it.
 *
 * @param schedules Their order decides only between operations at the same nanosecond.
 * @see [merge](https://rxjs.dev/api/index/function/merge)
 * @see {@link concatTicks}, {@link shiftBy}
 * @throws ElpisError `ELPIS_CONFIG` when one has no plan or is unlimited, or two differ in start, share or scheduler.
 * @example
 * mergeTicks(constant({ ops: 100, duration: '60s' }), once({ times: 500 }).pipe(shiftBy(30_000)));
 */
export function mergeTicks(...schedules: readonly Observable<Tick>[]): Schedule {
  return joinSchedules('mergeTicks', 'streams without a plan can be joined by merge of RxJS', schedules, mergePlans);
}
