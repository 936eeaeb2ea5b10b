import { atLeast } from '../codec/bounds.js';
import { integer } from '../codec/scalars.js';
import { required, struct } from '../codec/struct.js';
import type { Plan } from '../core/plan.js';
import { operationsText } from '../plans/support.js';
import { component } from '../plugin/component.js';

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

/** The `once` schedule: a burst. @example once({ times: 10 }) */
export const once = component({
  kind: 'schedule',
  name: 'once',
  summary: 'A number of operations at once.',
  example: { times: 20 },
  options: struct('once schedule', {
    /** How many operations at once. */
    times: required(atLeast(integer, 1), 'how many operations at once'),
  }),
  create: oncePlan,
  describe: ({ times }) => `once, ${operationsText(oncePlan({ times }))}`,
});
