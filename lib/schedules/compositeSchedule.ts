import { listOf } from '../codec/listOf.js';
import { optional } from '../codec/optional.js';
import { struct } from '../codec/struct.js';
import { ElpisError } from '../core/errors.js';
import type { Plan } from '../core/plan.js';
import { defineComponent } from '../plugin/defineComponent.js';
import { isPlan } from '../plugin/isPlan.js';
import { compositePlan } from '../coreutil/plans/compositePlan.js';

/** The `composite` schedule: schedules one after another. A plain list means the same. */
export const compositeSchedule = defineComponent({
  kind: 'schedule',
  name: 'composite',
  summary: 'Schedules one after another; a plain list means the same.',
  codec: (plugins) =>
    struct('composite schedule', { nested: optional(listOf(plugins.schedule), [], 'the parts in order') }),
  create: ({ nested }, deps) =>
    compositePlan(
      nested.map((part): Plan => {
        const made = part.create(deps);
        if (isPlan(made)) return made;
        throw new ElpisError(
          'ELPIS_CONFIG',
          `schedule "${part.name}" is a stream, so it can not be part of a composite`,
          {
            hint: 'let it make a Plan, or concatenate streams in code',
          },
        );
      }),
    ),
});
