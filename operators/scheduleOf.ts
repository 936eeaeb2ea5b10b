import type { Observable } from 'rxjs';
import { ElpisError } from '../lib/core/errors.js';
import type { Plan } from '../lib/core/plan.js';
import type { Tick } from '../lib/core/tick.js';
import { Schedule } from '../lib/coreutil/schedule.js';
import type { ScheduleOptions } from '../lib/coreutil/scheduleOptions.js';

/** A schedule of another copy of this package, or what stands for one that could not be made and says so when it is asked. */
interface Planned {
  readonly plan?: Plan;
  readonly options?: ScheduleOptions;
}

/**
 * The schedule that a source of ticks is.
 *
 * @param verb The operator that wants it.
 * @param instead What can be done with ticks that have no plan.
 * @throws ElpisError `ELPIS_CONFIG` when it is none.
 */
export function scheduleOf(verb: string, source: Observable<Tick>, instead: string): Schedule {
  if (source instanceof Schedule) return source;
  const { plan, options } = Object(source) as Planned;
  if (typeof plan?.atNs === 'function') return new Schedule(plan, options);
  const message = `${verb}: these ticks have no plan; expected a schedule, such as of line(...) or ticks(plan)`;
  throw new ElpisError('ELPIS_CONFIG', message, { hint: `apply ${verb} before operators of RxJS; ${instead}` });
}
