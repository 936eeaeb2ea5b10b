import { atLeast } from '../codec/atLeast.js';
import { atLeastMs } from '../codec/atLeastMs.js';
import { float } from '../codec/float.js';
import { optional } from '../codec/optional.js';
import { required } from '../codec/required.js';
import { struct } from '../codec/struct.js';
import { defineComponent } from '../plugin/defineComponent.js';
import { constPlan } from './constPlan.js';

const config = struct('const schedule', {
  ops: optional(atLeast(float, 0), 0, 'operations per second; 0 is a pause'),
  duration: required(atLeastMs(1), 'how long'),
});

/** The `const` schedule: a constant rate. */
export const constSchedule = defineComponent({
  kind: 'schedule',
  name: 'const',
  summary: 'A constant rate.',
  codec: () => config,
  create: constPlan,
});
