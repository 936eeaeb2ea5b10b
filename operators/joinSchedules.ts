import type { Observable } from 'rxjs';
import { ElpisError } from '../lib/core/errors.js';
import type { Plan } from '../lib/core/plan.js';
import type { Tick } from '../lib/core/tick.js';
import { Schedule } from '../lib/coreutil/schedule.js';
import type { ScheduleOptions } from '../lib/coreutil/scheduleOptions.js';
import { scheduleOf } from './scheduleOf.js';

const unlike = (a: unknown, b: unknown): boolean => a !== undefined && b !== undefined && a !== b;

/** What two schedules want differently, if anything. */
function difference(a: ScheduleOptions, b: ScheduleOptions): string | undefined {
  if (unlike(a.startAt, b.startAt)) return 'startAt';
  if (unlike(a.scheduler, b.scheduler)) return 'scheduler';
  return unlike(a.share?.index, b.share?.index) || unlike(a.share?.of, b.share?.of) ? 'share' : undefined;
}

/** What the schedules say about how they are played; one that says nothing goes along. */
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
  return new Schedule(join(schedules.map(({ plan }) => plan)), common(verb, schedules));
}
