import { atLeast } from '../codec/atLeast.js';
import { atLeastMs } from '../codec/atLeastMs.js';
import { float } from '../codec/float.js';
import { optional } from '../codec/optional.js';
import { required } from '../codec/required.js';
import { struct } from '../codec/struct.js';
import { defineComponent } from '../plugin/defineComponent.js';
import { linePlan } from './linePlan.js';

const config = struct('line schedule', {
  from: optional(atLeast(float, 0), 0, 'operations per second at the start'),
  to: optional(atLeast(float, 0), 0, 'operations per second at the end'),
  duration: required(atLeastMs(1), 'how long'),
});

/** The `line` schedule: a rate that rises or falls in a straight line. */
export const lineSchedule = defineComponent({
  kind: 'schedule',
  name: 'line',
  summary: 'A rate that rises or falls in a straight line.',
  codec: () => config,
  create: linePlan,
});
