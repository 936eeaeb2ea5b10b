import { atLeastMs, lengthText } from '../codec/duration.js';
import { required, struct } from '../codec/struct.js';
import type { Plan } from '../core/plan.js';
import type { Nanos } from '../core/units.js';
import { nanosOf } from '../plans/support.js';
import { component } from '../plugin/component.js';

/**
 * As many operations as the instances can shoot until `duration` has passed: a closed loop, driven by demand. The
 * number of operations is unknown in advance.
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

/** The `unlimited` schedule: as fast as the instances can shoot. @example unlimited({ duration: '30s' }) */
export const unlimited = component({
  kind: 'schedule',
  name: 'unlimited',
  summary: 'An operation whenever an instance is free (a closed loop).',
  example: { duration: '30s' },
  options: struct('unlimited schedule', {
    /** How long. */
    duration: required(atLeastMs(1), 'how long'),
  }),
  create: ({ duration }) => unlimitedPlan({ duration: nanosOf(duration) }),
  describe: ({ duration }) => `unlimited for ${lengthText(duration)}`,
  traits: () => ({ unlimited: true }),
});
