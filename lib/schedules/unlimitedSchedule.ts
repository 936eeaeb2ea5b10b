import { atLeastMs } from '../codec/atLeastMs.js';
import { required } from '../codec/required.js';
import { struct } from '../codec/struct.js';
import { defineComponent } from '../plugin/defineComponent.js';
import { unlimitedPlan } from './unlimitedPlan.js';

const config = struct('unlimited schedule', { duration: required(atLeastMs(1), 'how long') });

/** The `unlimited` schedule: as fast as the instances can. */
export const unlimitedSchedule = defineComponent({
  kind: 'schedule',
  name: 'unlimited',
  summary: 'An operation whenever an instance is free (a closed loop).',
  codec: () => config,
  create: unlimitedPlan,
});
