import { atLeast } from '../codec/atLeast.js';
import { atLeastMs } from '../codec/atLeastMs.js';
import { float } from '../codec/float.js';
import { integer } from '../codec/integer.js';
import { optional } from '../codec/optional.js';
import { required } from '../codec/required.js';
import { struct } from '../codec/struct.js';
import { defineComponent } from '../plugin/defineComponent.js';
import { stepPlan } from './stepPlan.js';

const config = struct('step schedule', {
  from: optional(atLeast(float, 0), 0, 'operations per second of the first plateau'),
  to: optional(atLeast(float, 0), 0, 'operations per second that no plateau goes beyond'),
  step: required(atLeast(integer, 1), 'difference between plateaus, operations per second'),
  duration: required(atLeastMs(1), 'how long each plateau lasts'),
});

/** The `step` schedule: stairs, up or down. */
export const stepSchedule = defineComponent({
  kind: 'schedule',
  name: 'step',
  summary: 'Plateaus of a constant rate, each a step above (or below) the one before.',
  codec: () => config,
  create: stepPlan,
});
