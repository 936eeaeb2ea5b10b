import { checkArgument, withMethod } from '../../lib/core/argument.js';
import type { Plan } from '../../lib/core/plan.js';
import type { Schedule, ScheduleOptions } from '../../lib/core/schedule.js';
import { PlanSchedule } from '../../lib/pull/planSchedule.js';

const A_PLAN = withMethod(
  'atNs',
  'a plan',
  'such as linePlan, or an object with count, durationNs, atNs, countAt and rateAt',
);

/**
 * Plays a plan as a stream of ticks, each at its exact planned time. Like `timer` or `interval` of RxJS, but with any
 * rate, without drift, and it can be pulled.
 *
 * ```text
 * plan    2 ops per second for 2 s
 * ticks   0----1----2----3----|
 * ```
 *
 * - Subscribing starts the plan, unless `startAt` sets the start.
 * - A late tick keeps its planned `at`.
 * - Completes at the plan's finish time, which may be after its last tick. Never errors.
 * - Unsubscribing stops it.
 * - Pulled (by `zipAmmo` or `shoot`), a tick is returned at each poll, with its planned `at`.
 *
 * @param plan The times of the operations.
 * @param options The start, the share, and the scheduler.
 * @see [interval](https://rxjs.dev/api/index/function/interval)
 * @see {@link concatTicks}, {@link mergeTicks}, {@link zipAmmo}
 * @example
 * ticks(ratePlan((seconds) => 10 + seconds ** 2, { durationMs: 60_000 })).subscribe(({ index, at }) => console.log(index, at));
 */
export function ticks(plan: Plan, options: ScheduleOptions = {}): Schedule {
  checkArgument('ticks', 'plan', plan, A_PLAN);
  return new PlanSchedule(plan, options);
}
