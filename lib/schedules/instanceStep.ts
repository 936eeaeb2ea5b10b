import { atLeast } from '../codec/bounds.js';
import { atLeastMs, lengthText } from '../codec/duration.js';
import { integer } from '../codec/scalars.js';
import { optional, required, struct } from '../codec/struct.js';
import type { Plan } from '../core/plan.js';
import type { Nanos } from '../core/units.js';
import { compositePlan } from '../plans/compositePlan.js';
import { nanosOf, operationsText } from '../plans/support.js';
import { component } from '../plugin/component.js';
import { constPlan } from './const.js';
import { oncePlan } from './once.js';

/**
 * Starts `from` instances at once, then `step` more after each pause of `stepduration`, as long as that does not exceed
 * `to`.
 *
 * @example
 * instanceStepPlan({ from: 2, to: 9, step: 3, stepduration: 1e9 }).count; // 8
 */
export function instanceStepPlan({
  from,
  to,
  step,
  stepduration,
}: {
  readonly from: number;
  readonly to: number;
  readonly step: number;
  readonly stepduration: Nanos;
}): Plan {
  const parts: Plan[] = [oncePlan({ times: from })];
  for (let reached = from + step; reached <= to; reached += step) {
    parts.push(constPlan({ ops: 0, duration: stepduration }), oncePlan({ times: step }));
  }
  return compositePlan(parts);
}

/**
 * The `instance_step` schedule: groups of instances.
 *
 * @example
 * instanceStep({ from: 1, to: 100, step: 10, stepduration: '5s' });
 */
export const instanceStep = component({
  kind: 'schedule',
  name: 'instance_step',
  summary: 'Groups at once with pauses between them, to start instances.',
  example: { from: 10, to: 50, step: 10, stepduration: '10s' },
  options: struct('instance_step schedule', {
    /** How many at the start. */
    from: optional(atLeast(integer, 0), 0, 'how many at the start'),
    /** How many at most. */
    to: optional(atLeast(integer, 0), 0, 'how many at most'),
    /** How many more at each step. */
    step: required(atLeast(integer, 1), 'how many more at each step'),
    /** Pause before each step. */
    stepduration: required(atLeastMs(1), 'pause before each step', 'stepduration'),
  }),
  create: ({ stepduration, ...groups }) => instanceStepPlan({ ...groups, stepduration: nanosOf(stepduration) }),
  describe: ({ stepduration, ...groups }) =>
    `instance_step ${groups.from} to ${groups.to} by ${groups.step} every ${lengthText(stepduration)}, ` +
    operationsText(instanceStepPlan({ ...groups, stepduration: nanosOf(stepduration) })),
});
