import { listOf } from '../codec/listOf.js';
import { optional } from '../codec/optional.js';
import { struct } from '../codec/struct.js';
import { mergePlans } from '../coreutil/plans/mergePlans.js';
import { defineComponent } from '../plugin/defineComponent.js';
import { limited } from './limited.js';
import { nestedPlan } from './nestedPlan.js';

/** The `mix` schedule: schedules at the same time, their operations in the order of their times. */
export const mixSchedule = defineComponent({
  kind: 'schedule',
  name: 'mix',
  summary: 'Schedules at the same time, added up.',
  codec: (plugins) =>
    struct('mix schedule', {
      nested: optional(listOf(limited(plugins.schedule)), [], 'the schedules; none may be unlimited'),
    }),
  create: ({ nested }, deps) => mergePlans(nested.map((part) => nestedPlan(part, 'a mix', deps))),
});
