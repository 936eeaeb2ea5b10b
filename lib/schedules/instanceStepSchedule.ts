import { atLeast } from '../codec/atLeast.js';
import { atLeastMs } from '../codec/atLeastMs.js';
import { integer } from '../codec/integer.js';
import { optional } from '../codec/optional.js';
import { required } from '../codec/required.js';
import { struct } from '../codec/struct.js';
import { defineComponent } from '../plugin/defineComponent.js';
import { instanceStepPlan } from './instanceStepPlan.js';

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
