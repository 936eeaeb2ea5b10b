import type { Observable } from 'rxjs';
import { ElpisError } from '../../lib/core/errors.js';
import type { Plan, Tick } from '../../lib/core/plan.js';
import type { Schedule, ScheduleOptions } from '../../lib/core/schedule.js';
import { PlanSchedule } from '../../lib/pull/planSchedule.js';

/**
 * An operator from schedule to schedule that changes the plan and keeps how it is played: start, share and scheduler.
 *
 * @param name Of the operator, for messages.
 * @param instead Hint for ticks without a plan.
 */
export function planOperator(
  name: string,
  instead: string,
  change: (plan: Plan) => Plan,
): (source: Observable<Tick>) => Schedule {
  return (source) => {
    const { plan, options } = scheduleOf(name, source, instead);
    return new PlanSchedule(change(plan), options);
  };
}

/** A schedule of another copy of this package, or the placeholder of an invalid one, which throws when it is read. */
type Planned = Partial<Pick<Schedule, 'plan' | 'options'>>;

/**
 * Returns a source of ticks as a schedule.
 *
 * @param name Of the operator, for messages.
 * @param instead Hint for ticks without a plan.
 * @throws ElpisError `ELPIS_CONFIG` when the source is not a schedule.
 */
function scheduleOf(name: string, source: Observable<Tick>, instead: string): PlanSchedule {
  if (source instanceof PlanSchedule) return source;
  const { plan, options } = Object(source) as Planned;
  if (typeof plan?.atNs === 'function') return new PlanSchedule(plan, options);
  const message = `${name}: these ticks have no plan; expected a schedule, such as of line(...) or ticks(plan)`;
  throw new ElpisError('ELPIS_CONFIG', message, { hint: `apply ${name} before operators of RxJS; ${instead}` });
}

const differ = (a: unknown, b: unknown): boolean => a !== undefined && b !== undefined && a !== b;

/** The setting that differs between two schedules, if any. */
function difference(a: ScheduleOptions, b: ScheduleOptions): string | undefined {
  if (differ(a.startAt, b.startAt)) return 'startAt';
  if (differ(a.scheduler, b.scheduler)) return 'scheduler';
  return differ(a.share?.index, b.share?.index) || differ(a.share?.of, b.share?.of) ? 'share' : undefined;
}

/** The options that the schedules share. A schedule without a setting takes that of the others. */
function common(name: string, schedules: readonly Schedule[]): ScheduleOptions {
  const shared: ScheduleOptions = {};
  for (const [i, { options }] of schedules.entries()) {
    const key = difference(shared, options);
    if (key !== undefined) {
      const message = `${name}: the ${key} of schedule ${i + 1} differs from that of one before it; expected one ${key} for all`;
      throw new ElpisError('ELPIS_CONFIG', message, { hint: `set ${key} in only one of them` });
    }
    Object.assign(shared, options);
  }
  return shared;
}

/**
 * Joins the plans of several schedules into one schedule, with the options that they share.
 *
 * @throws ElpisError `ELPIS_CONFIG` when one has no plan, or two have different starts, shares or schedulers.
 */
export function joinSchedules(
  name: string,
  instead: string,
  sources: readonly Observable<Tick>[],
  join: (plans: readonly Plan[]) => Plan,
): Schedule {
  const schedules = sources.map((source) => scheduleOf(name, source, instead));
  return new PlanSchedule(join(schedules.map(({ plan }) => plan)), common(name, schedules));
}
