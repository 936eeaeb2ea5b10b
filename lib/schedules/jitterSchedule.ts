import { atLeastMs } from '../codec/atLeastMs.js';
import { integer } from '../codec/integer.js';
import { optional } from '../codec/optional.js';
import { required } from '../codec/required.js';
import { struct } from '../codec/struct.js';
import { jitterPlan } from '../coreutil/plans/jitterPlan.js';
import { defineComponent } from '../plugin/defineComponent.js';
import { limited } from './limited.js';
import { nestedPlan } from './nestedPlan.js';

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
