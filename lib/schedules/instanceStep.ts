import { atLeast } from '../codec/bounds.js';
import { atLeastMs } from '../codec/duration.js';
import { integer } from '../codec/scalars.js';
import { optional, required, struct } from '../codec/struct.js';
import type { Plan } from '../core/plan.js';
import type { Nanos } from '../core/units.js';
import { compositePlan } from '../plans/compositePlan.js';
import { defineComponent } from '../plugin/descriptor.js';
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

const config = struct('instance_step schedule', {
  from: optional(atLeast(integer, 0), 0, 'how many at the start'),
  to: optional(atLeast(integer, 0), 0, 'how many at most'),
  step: required(atLeast(integer, 1), 'how many more at each step'),
  stepduration: required(atLeastMs(1), 'pause before each step', 'stepduration'),
});

/** The `instance_step` schedule: groups of instances. */
export const instanceStepSchedule = defineComponent({
  kind: 'schedule',
  name: 'instance_step',
  summary: 'Groups at once with pauses between them, to start instances.',
  codec: () => config,
  create: instanceStepPlan,
});
