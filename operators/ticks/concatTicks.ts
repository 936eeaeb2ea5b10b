import type { Observable } from 'rxjs';
import type { Tick } from '../../lib/core/plan.js';
import type { Schedule } from '../../lib/core/schedule.js';
import { compositePlan } from '../../lib/plans/compositePlan.js';
import { joinSchedules } from './planOperator.js';

/**
 * Plays schedules one after another, as one schedule. Like `concat` of RxJS, but each begins at the nominal end of the one before,
 * not at its last operation, and the result has a plan.
 *
 * ```text
 * a                   0--1--|
 * b                   01--|
 * concatTicks(a, b)   0--1--23--|
 * ```
 *
 * - Operations are numbered from 0 over all schedules. Without schedules it completes at once. Schedules may be
 *   unlimited.
 * - The result is a schedule: it can be pulled and has a plan. Start, share and scheduler are those of the schedules;
 *   a schedule without one takes that of the others. Subscribing starts it; it completes at the end of its plan and never errors;
 *   unsubscribing stops it.
 *
 * @param schedules In the order in which they are played.
 * @see [concat](https://rxjs.dev/api/index/function/concat)
 * @see {@link mergeTicks}, {@link repeatTicks}
 * @throws ElpisError `ELPIS_CONFIG` when one has no plan, or two differ in start, share or scheduler.
 * @example
 * concatTicks(line({ from: 1, to: 100, duration: '30s' }), constant({ ops: 100, duration: '60s' }));
 */
export function concatTicks(...schedules: readonly Observable<Tick>[]): Schedule {
  return joinSchedules(
    'concatTicks',
    'streams without a plan can be joined by concat of RxJS',
    schedules,
    compositePlan,
  );
}
