import { atLeast } from '../codec/bounds.js';
import { atLeastMs, lengthText } from '../codec/duration.js';
import { integer } from '../codec/scalars.js';
import { optional, required, struct } from '../codec/struct.js';
import type { Plan } from '../core/plan.js';
import type { Millis, Nanos } from '../core/units.js';
import { countable, nanosOf, operationsText } from '../plans/support.js';
import { component } from '../plugin/component.js';
import { plannable } from './plannable.js';

/**
 * Starts `from` instances at once, then `step` more after each pause of `stepduration`, as long as that does not exceed
 * `to`.
 *
 * @throws ElpisError `ELPIS_CONFIG` for more operations than can be numbered.
 * @example
 * instanceStepPlan({ from: 2, to: 9, step: 3, stepduration: 1e9 }).count; // 8
 */
export function instanceStepPlan({
  from,
  to,
  step,
  stepduration,
}: {
  readonly from: number;
  readonly to: number;
  readonly step: number;
  readonly stepduration: Nanos;
}): Plan {
  const steps = Math.max(0, Math.floor((to - from) / step));
  const count = countable('instance_step schedule', from + steps * step);
  return {
    count,
    durationNs: steps * stepduration,
    fractional: true,
    atNs: (index) => (index < from ? 0 : (Math.floor((index - from) / step) + 1) * stepduration),
    countAt: (offsetNs) =>
      offsetNs <= 0 ? 0 : Math.min(count, from + (Math.ceil(offsetNs / stepduration) - 1) * step),
    rateAt: () => 0,
  };
}

interface Groups {
  readonly from: number;
  readonly to: number;
  readonly step: number;
  readonly stepduration: Millis;
}

const planOf = ({ stepduration, ...groups }: Groups): Plan =>
  instanceStepPlan({ ...groups, stepduration: nanosOf(stepduration) });

/**
 * The `instance_step` schedule: groups of instances.
 *
 * @example
 * instanceStep({ from: 1, to: 100, step: 10, stepduration: '5s' });
 */
export const instanceStep = component({
  kind: 'schedule',
  name: 'instance_step',
  summary: 'Groups at once with pauses between them, to start instances.',
  example: { from: 10, to: 50, step: 10, stepduration: '10s' },
  options: plannable(
    struct('instance_step schedule', {
      /** How many at the start. */
      from: optional(atLeast(integer, 0), 0, 'how many at the start'),
      /** How many at most. */
      to: optional(atLeast(integer, 0), 0, 'how many at most'),
      /** How many more at each step. */
      step: required(atLeast(integer, 1), 'how many more at each step'),
      /** Pause before each step. */
      stepduration: required(atLeastMs(1), 'pause before each step', 'stepduration'),
    }),
    planOf,
  ),
  create: planOf,
  describe: ({ stepduration, ...groups }) =>
    `instance_step ${groups.from} to ${groups.to} by ${groups.step} every ${lengthText(stepduration)}, ` +
    operationsText(planOf({ ...groups, stepduration })),
});
