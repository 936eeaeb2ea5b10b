import { checked } from '../codec/bounds.js';
import { listOf } from '../codec/collections.js';
import { atLeastMs, lengthText } from '../codec/duration.js';
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
import type { AnyComponent } from '../plugin/anyComponent.js';
import { component } from '../plugin/component.js';
import type { ConfiguredComponent } from '../plugin/configured.js';
import { isPlan } from '../plugin/userValue.js';
import { constant } from './const.js';
import { instanceStep } from './instanceStep.js';
import { line } from './line.js';
import { once } from './once.js';
import { step } from './step.js';
import { trace } from './trace.js';
import { unlimited } from './unlimited.js';

/** The components that a list or a `{ type }` inside these schedules can stand for in code. */
const parts = (): readonly AnyComponent[] => [
  constant,
  line,
  step,
  once,
  unlimited,
  instanceStep,
  trace,
  composite,
  mixed,
  jittered,
  poissonArrivals,
];

/**
 * The plan of a schedule inside another.
 *
 * @param whole The text for the outer schedule, such as `a composite`.
 * @throws ElpisError `ELPIS_CONFIG` when the schedule is a stream.
 */
function nestedPlan(part: ConfiguredComponent<'schedule'>, whole: string, deps: Deps): Plan {
  const made = part.create(deps);
  if (isPlan(made)) return made;
  throw new ElpisError('ELPIS_CONFIG', `schedule "${part.name}" is a stream, so it cannot be part of ${whole}`, {
    hint: 'make a Plan of it, or join streams in code',
  });
}

const described = (nested: readonly ConfiguredComponent<'schedule'>[], between: string): string =>
  nested.length === 0 ? 'nothing' : nested.map((part) => part.describe()).join(between);

const unlimitedIn = (nested: readonly ConfiguredComponent<'schedule'>[]): boolean =>
  nested.some(({ traits }) => traits.unlimited === true);

/** A schedule whose operations all have planned times, for schedules that move or count them. */
function limited<W>(schedule: Codec<ConfiguredComponent<'schedule'>, W>): Codec<ConfiguredComponent<'schedule'>, W> {
  return checked(schedule, (part) => !unlimitedIn([part]), 'a schedule without an unlimited part', 'bad-value', {
    hint: () => 'operations of an unlimited schedule have no planned times; put it into a list beside this schedule',
  });
}

/**
 * The `composite` schedule: schedules one after another. A plain list means the same.
 *
 * @example
 * composite({ nested: [line({ from: 1, to: 100, duration: '30s' }), constant({ ops: 100, duration: '1m' })] });
 */
export const composite = component({
  kind: 'schedule',
  name: 'composite',
  summary: 'Schedules one after another; a plain list means the same.',
  example: {
    nested: [
      { type: 'line', from: 1, to: 100, duration: '30s' },
      { type: 'const', ops: 100, duration: '5m' },
    ],
  },
  parts,
  options: ({ schedule }) =>
    struct('composite schedule', {
      /** The parts in order. */
      nested: optional(listOf(schedule), [], 'the parts in order'),
    }),
  create: ({ nested }, deps): Plan => compositePlan(nested.map((part) => nestedPlan(part, 'a composite', deps))),
  describe: ({ nested }) => described(nested, ', then '),
  traits: ({ nested }) => ({ unlimited: unlimitedIn(nested) }),
});

/**
 * The `mix` schedule: schedules at the same time, with their operations in the order of their times. In a pipeline,
 * `mergeTicks` does the same.
 *
 * @example
 * mixed({ nested: [once({ times: 1 }), constant({ ops: 5, duration: '10s' })] });
 */
export const mixed = component({
  kind: 'schedule',
  name: 'mix',
  summary: 'Schedules at the same time, added up.',
  example: {
    nested: [
      { type: 'const', ops: 20, duration: '1m' },
      { type: 'once', times: 50 },
    ],
  },
  parts,
  options: ({ schedule }) =>
    struct('mix schedule', {
      /** The schedules; none may be unlimited. */
      nested: optional(listOf(limited(schedule)), [], 'the schedules; none may be unlimited'),
    }),
  create: ({ nested }, deps): Plan => mergePlans(nested.map((part) => nestedPlan(part, 'a mix', deps))),
  describe: ({ nested }) => described(nested, ', together with '),
});

/**
 * The `jitter` schedule: the operations of another schedule, each moved by a small random time. In a pipeline, `jitter`
 * does the same.
 *
 * @example
 * jittered({ nested: constant({ ops: 1, duration: '10s' }), amount: '50ms' });
 */
export const jittered = component({
  kind: 'schedule',
  name: 'jitter',
  summary: 'A schedule whose operations are moved by small random times; their order is kept.',
  example: { nested: { type: 'const', ops: 10, duration: '1m' }, amount: '20ms' },
  parts,
  options: ({ schedule }) =>
    struct('jitter schedule', {
      /** The schedule; it may not be unlimited. */
      nested: required(limited(schedule), 'the schedule; it may not be unlimited'),
      /** The largest move, but at most half of the distance to the next operation. */
      amount: required(atLeastMs(0), 'the largest move, but at most half of the distance to the next operation'),
      /** The same seed gives the same moments. */
      seed: optional(integer, 1, 'the same seed gives the same moments'),
    }),
  create: ({ nested, amount, seed }, deps): Plan =>
    jitterPlan(nestedPlan(nested, 'a jitter schedule', deps), amount, { seed }),
  describe: ({ nested, amount }) => `${nested.describe()}, moved by up to ${lengthText(amount)}`,
});

/**
 * The `poisson` schedule: as many operations as another schedule, at the moments of a Poisson process of the same rate.
 * In a pipeline, `poisson` does the same.
 *
 * @example
 * poissonArrivals({ nested: constant({ ops: 10, duration: '10s' }) });
 */
export const poissonArrivals = component({
  kind: 'schedule',
  name: 'poisson',
  summary: 'A schedule with arrivals like those of independent users; the total is exact.',
  example: { nested: { type: 'const', ops: 50, duration: '1m' } },
  parts,
  options: ({ schedule }) =>
    struct('poisson schedule', {
      /** The schedule with the rate; it may not be unlimited. */
      nested: required(limited(schedule), 'the schedule with the rate; it may not be unlimited'),
      /** The same seed gives the same moments. */
      seed: optional(integer, 1, 'the same seed gives the same moments'),
    }),
  create: ({ nested, seed }, deps): Plan => poissonPlan(nestedPlan(nested, 'a poisson schedule', deps), { seed }),
  describe: ({ nested }) => `${nested.describe()}, with random arrivals`,
});
