import { integer } from '../codec/integer.js';
import { optional } from '../codec/optional.js';
import { required } from '../codec/required.js';
import { struct } from '../codec/struct.js';
import { poissonPlan } from '../coreutil/plans/poissonPlan.js';
import { defineComponent } from '../plugin/defineComponent.js';
import { limited } from './limited.js';
import { nestedPlan } from './nestedPlan.js';

/** The `poisson` schedule: as many operations as another, at the moments of a Poisson process of the same rate. */
export const poissonSchedule = defineComponent({
  kind: 'schedule',
  name: 'poisson',
  summary: 'A schedule with arrivals as of independent users; the total is exact.',
  codec: (plugins) =>
    struct('poisson schedule', {
      nested: required(limited(plugins.schedule), 'the schedule with the rate; it may not be unlimited'),
      seed: optional(integer, 1, 'the same seed gives the same moments'),
    }),
  create: ({ nested, seed }, deps) => poissonPlan(nestedPlan(nested, 'a poisson schedule', deps), { seed }),
});
