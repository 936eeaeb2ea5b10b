import type { Cursor } from '../core/cursor.js';
import type { Plan } from '../core/plan.js';
import type { Tick } from '../core/tick.js';
import { PlanCursor } from './planCursor.js';
import { Pullable } from './pullable.js';
import type { ScheduleOptions } from './scheduleOptions.js';

/**
 * A stream of ticks over a plan: subscribing starts it, each tick is an operation that is due, and completion is the
 * plan's finish time. Pulled, it answers each tick when it is asked for, ahead of or behind its time.
 */
export class Schedule extends Pullable<Tick> {
  constructor(
    /** The mathematics behind the ticks. */
    readonly plan: Plan,
    /** How it is played. */
    readonly options: ScheduleOptions = {},
  ) {
    super((scheduler): Cursor<Tick> => new PlanCursor(plan, scheduler, options), {
      dueAt: (tick) => tick.at,
      ...(options.scheduler === undefined ? {} : { scheduler: options.scheduler }),
    });
  }
}
