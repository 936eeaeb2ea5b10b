import { checked } from '../codec/bounds.js';
import { listOf } from '../codec/collections.js';
import { atLeastMs } from '../codec/duration.js';
import type { Codec } from '../codec/issue.js';
import { integer } from '../codec/scalars.js';
import { optional, required, struct } from '../codec/struct.js';
import type { Deps } from '../core/deps.js';
import { ElpisError } from '../core/errors.js';
import type { Plan } from '../core/plan.js';
import { compositePlan } from '../plans/compositePlan.js';
import { jitterPlan } from '../plans/jitterPlan.js';
import { mergePlans } from '../plans/mergePlans.js';
import { poissonPlan } from '../plans/poissonPlan.js';
import type { ConfiguredComponent } from '../plugin/configured.js';
import { defineComponent } from '../plugin/descriptor.js';
import { isPlan } from '../plugin/userValue.js';

/**
 * The plan of a schedule inside another.
 *
 * @param whole What the other one is, such as `a composite`.
 * @throws ElpisError `ELPIS_CONFIG` when the schedule is a stream.
 */
function nestedPlan(part: ConfiguredComponent<'schedule'>, whole: string, deps: Deps): Plan {
  const made = part.create(deps);
  if (isPlan(made)) return made;
  throw new ElpisError('ELPIS_CONFIG', `schedule "${part.name}" is a stream, so it can not be part of ${whole}`, {
    hint: 'let it make a Plan, or join streams in code',
  });
}

/** Whether a schedule of the config has an unlimited part, however deep. */
function isUnlimited({ name, config }: ConfiguredComponent<'schedule'>): boolean {
  if (name === 'unlimited') return true;
  const { nested } = Object(config) as {
    readonly nested?: ConfiguredComponent<'schedule'> | readonly ConfiguredComponent<'schedule'>[];
  };
  return nested !== undefined && [nested].flat().some(isUnlimited);
}

/** A schedule whose operations all have planned times, because they are moved or counted. */
function limited(schedule: Codec<ConfiguredComponent<'schedule'>>): Codec<ConfiguredComponent<'schedule'>> {
  return checked(schedule, (chosen) => !isUnlimited(chosen), 'a schedule without an unlimited part', 'bad-value', {
    hint: () => 'operations of an unlimited schedule have no planned times; put it beside this one, into a list',
  });
}

/** The `composite` schedule: schedules one after another. A plain list means the same. */
export const compositeSchedule = defineComponent({
  kind: 'schedule',
  name: 'composite',
  summary: 'Schedules one after another; a plain list means the same.',
  codec: (plugins) =>
    struct('composite schedule', { nested: optional(listOf(plugins.schedule), [], 'the parts in order') }),
  create: ({ nested }, deps) => compositePlan(nested.map((part) => nestedPlan(part, 'a composite', deps))),
});

/** The `mix` schedule: schedules at the same time, their operations in the order of their times. */
export const mixSchedule = defineComponent({
  kind: 'schedule',
  name: 'mix',
  summary: 'Schedules at the same time, added up.',
  codec: (plugins) =>
    struct('mix schedule', {
      nested: optional(listOf(limited(plugins.schedule)), [], 'the schedules; none may be unlimited'),
    }),
  create: ({ nested }, deps) => mergePlans(nested.map((part) => nestedPlan(part, 'a mix', deps))),
});

/** The `jitter` schedule: the operations of another, each moved a little by chance. */
export const jitterSchedule = defineComponent({
  kind: 'schedule',
  name: 'jitter',
  summary: 'A schedule whose operations are moved a little by chance; their order is kept.',
  codec: (plugins) =>
    struct('jitter schedule', {
      nested: required(limited(plugins.schedule), 'the schedule; it may not be unlimited'),
      amount: required(atLeastMs(0), 'how far at most, but not over half of the way to the next operation'),
      seed: optional(integer, 1, 'the same seed gives the same moments'),
    }),
  create: ({ nested, amount, seed }, deps) =>
    jitterPlan(nestedPlan(nested, 'a jitter schedule', deps), amount / 1e6, { seed }),
});

/** The `poisson` schedule: as many operations as another, at the moments of a Poisson process of the same rate. */
export const poissonSchedule = defineComponent({
  kind: 'schedule',
  name: 'poisson',
  summary: 'A schedule with arrivals as of independent users; the total is exact.',
  codec: (plugins) =>
    struct('poisson schedule', {
      nested: required(limited(plugins.schedule), 'the schedule with the rate; it may not be unlimited'),
      seed: optional(integer, 1, 'the same seed gives the same moments'),
    }),
  create: ({ nested, seed }, deps) => poissonPlan(nestedPlan(nested, 'a poisson schedule', deps), { seed }),
});
