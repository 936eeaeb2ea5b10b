import { atLeast } from '../codec/bounds.js';
import { integer } from '../codec/scalars.js';
import { required, struct } from '../codec/struct.js';
import type { Plan } from '../core/plan.js';
import { defineComponent } from '../plugin/descriptor.js';

/** `times` operations at once, at the start. @example oncePlan({ times: 5 }).durationNs // 0 */
export function oncePlan({ times }: { readonly times: number }): Plan {
  return {
    count: times,
    durationNs: 0,
    fractional: true,
    atNs: () => 0,
    countAt: (offsetNs) => (offsetNs > 0 ? times : 0),
    rateAt: () => 0,
  };
}

const config = struct('once schedule', { times: required(atLeast(integer, 1), 'how many operations at once') });

/** The `once` schedule: a burst. */
export const onceSchedule = defineComponent({
  kind: 'schedule',
  name: 'once',
  summary: 'A number of operations at once.',
  codec: () => config,
  create: oncePlan,
});
