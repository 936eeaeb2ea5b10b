import { listOf } from '../codec/listOf.js';
import { optional } from '../codec/optional.js';
import { struct } from '../codec/struct.js';
import { compositePlan } from '../coreutil/plans/compositePlan.js';
import { defineComponent } from '../plugin/defineComponent.js';
import { nestedPlan } from './nestedPlan.js';

/** The `composite` schedule: schedules one after another. A plain list means the same. */
export const compositeSchedule = defineComponent({
  kind: 'schedule',
  name: 'composite',
  summary: 'Schedules one after another; a plain list means the same.',
  codec: (plugins) =>
    struct('composite schedule', { nested: optional(listOf(plugins.schedule), [], 'the parts in order') }),
  create: ({ nested }, deps) => compositePlan(nested.map((part) => nestedPlan(part, 'a composite', deps))),
});
