import type { Observable } from 'rxjs';
import { ElpisError } from '../../lib/core/errors.js';
import type { Plan, Tick } from '../../lib/core/plan.js';
import type { Schedule, ScheduleOptions } from '../../lib/core/schedule.js';
import { PlanSchedule } from '../../lib/pull/planSchedule.js';

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
    return new PlanSchedule(change(plan), options);
  };
}

/** A schedule of another copy of this package, or a placeholder for one that could not be made, which throws when read. */
type Planned = Partial<Pick<Schedule, 'plan' | 'options'>>;

/**
 * The schedule that a source of ticks is.
 *
 * @param verb The operator that wants it.
 * @param instead What can be done with ticks that have no plan.
 * @throws ElpisError `ELPIS_CONFIG` when it is none.
 */
function scheduleOf(verb: string, source: Observable<Tick>, instead: string): PlanSchedule {
  if (source instanceof PlanSchedule) return source;
  const { plan, options } = Object(source) as Planned;
  if (typeof plan?.atNs === 'function') return new PlanSchedule(plan, options);
  const message = `${verb}: these ticks have no plan; expected a schedule, such as of line(...) or ticks(plan)`;
  throw new ElpisError('ELPIS_CONFIG', message, { hint: `apply ${verb} before operators of RxJS; ${instead}` });
}

const differ = (a: unknown, b: unknown): boolean => a !== undefined && b !== undefined && a !== b;

/** The setting in which two schedules differ, if any. */
function difference(a: ScheduleOptions, b: ScheduleOptions): string | undefined {
  if (differ(a.startAt, b.startAt)) return 'startAt';
  if (differ(a.scheduler, b.scheduler)) return 'scheduler';
  return differ(a.share?.index, b.share?.index) || differ(a.share?.of, b.share?.of) ? 'share' : undefined;
}

/** How the schedules are played, as they agree; one without a setting takes that of the others. */
function common(verb: string, schedules: readonly Schedule[]): ScheduleOptions {
  const said: ScheduleOptions = {};
  for (const [i, { options }] of schedules.entries()) {
    const key = difference(said, options);
    if (key !== undefined) {
      const message = `${verb}: schedule ${i + 1} has another ${key} than one before it; expected one ${key} for all`;
      throw new ElpisError('ELPIS_CONFIG', message, { hint: `give ${key} to one of them only` });
    }
    Object.assign(said, options);
  }
  return said;
}

/**
 * One schedule of several: the plans are joined, and played as the schedules agree.
 *
 * @throws ElpisError `ELPIS_CONFIG` when one has no plan, or two have different starts, shares or schedulers.
 */
export function joinSchedules(
  verb: string,
  instead: string,
  sources: readonly Observable<Tick>[],
  join: (plans: readonly Plan[]) => Plan,
): Schedule {
  const schedules = sources.map((source) => scheduleOf(verb, source, instead));
  return new PlanSchedule(join(schedules.map(({ plan }) => plan)), common(verb, schedules));
}
