import { atLeast } from '../codec/atLeast.js';
import { integer } from '../codec/integer.js';
import { required } from '../codec/required.js';
import { struct } from '../codec/struct.js';
import { defineComponent } from '../plugin/defineComponent.js';
import { oncePlan } from './oncePlan.js';

const config = struct('once schedule', { times: required(atLeast(integer, 1), 'how many operations at once') });

/** The `once` schedule: a burst. */
export const onceSchedule = defineComponent({
  kind: 'schedule',
  name: 'once',
  summary: 'A number of operations at once.',
  codec: () => config,
  create: oncePlan,
});
