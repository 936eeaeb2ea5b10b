import { atLeastMs } from '../codec/duration.js';
import { required, struct } from '../codec/struct.js';
import type { Plan } from '../core/plan.js';
import type { Nanos } from '../core/units.js';
import { defineComponent } from '../plugin/descriptor.js';

/**
 * As many operations as the instances can shoot until `duration` has passed: a closed loop, driven by demand. The number of
 * operations is unknown before they have happened.
 */
export function unlimitedPlan({ duration }: { readonly duration: Nanos }): Plan {
  return {
    count: Number.POSITIVE_INFINITY,
    durationNs: duration,
    unlimited: true,
    atNs: () => 0,
    countAt: (offsetNs) => (offsetNs > 0 ? Number.POSITIVE_INFINITY : 0),
    rateAt: (offsetNs) => (offsetNs >= 0 && offsetNs < duration ? Number.POSITIVE_INFINITY : 0),
  };
}

const config = struct('unlimited schedule', { duration: required(atLeastMs(1), 'how long') });

/** The `unlimited` schedule: as fast as the instances can. */
export const unlimitedSchedule = defineComponent({
  kind: 'schedule',
  name: 'unlimited',
  summary: 'An operation whenever an instance is free (a closed loop).',
  codec: () => config,
  create: unlimitedPlan,
});
