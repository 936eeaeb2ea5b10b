import type { Observable } from 'rxjs';
import type { Plan } from '../lib/core/plan.js';
import type { Tick } from '../lib/core/tick.js';
import { Schedule } from '../lib/coreutil/schedule.js';
import { scheduleOf } from './scheduleOf.js';

/**
 * An operator from schedule to schedule that changes the plan and keeps how it is played: start, share and scheduler.
 *
 * @param verb Its name, for messages.
 * @param instead What can be done with ticks that have no plan.
 */
export function planOperator(
  verb: string,
  instead: string,
  change: (plan: Plan) => Plan,
): (source: Observable<Tick>) => Schedule {
  return (source) => {
    const { plan, options } = scheduleOf(verb, source, instead);
    return new Schedule(change(plan), options);
  };
}
