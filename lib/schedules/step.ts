import { atLeast } from '../codec/bounds.js';
import { atLeastMs, lengthText } from '../codec/duration.js';
import { float, integer } from '../codec/scalars.js';
import { optional, required, struct } from '../codec/struct.js';
import type { Plan } from '../core/plan.js';
import type { Nanos, PerSecond } from '../core/units.js';
import { compositePlan } from '../plans/compositePlan.js';
import { nanosOf, operationsText } from '../plans/support.js';
import { component } from '../plugin/component.js';
import { constPlan } from './const.js';

/**
 * Stairs: plateaus of `duration` each at from, from + step, ... up to `to` (the last may be below it), or down to it when
 * `from` is above `to`.
 *
 * @example
 * stepPlan({ from: 10, to: 30, step: 10, duration: 1e9 }).count; // 60
 * stepPlan({ from: 30, to: 10, step: 10, duration: 1e9 }).count; // 60
 */
export function stepPlan({
  from,
  to,
  step,
  duration,
}: {
  readonly from: PerSecond;
  readonly to: PerSecond;
  readonly step: PerSecond;
  readonly duration: Nanos;
}): Plan {
  const plateaus: Plan[] = [];
  const stairs = Math.floor(Math.abs(to - from) / step);
  const direction = from <= to ? step : -step;
  for (let stair = 0; stair <= stairs; stair++) plateaus.push(constPlan({ ops: from + stair * direction, duration }));
  return compositePlan(plateaus);
}

/**
 * The `step` schedule: stairs, up or down.
 *
 * @example
 * step({ from: 10, to: 100, step: 10, duration: '10s' });
 */
export const step = component({
  kind: 'schedule',
  name: 'step',
  summary: 'Plateaus of a constant rate, each a step above (or below) the one before.',
  example: { from: 100, to: 500, step: 100, duration: '30s' },
  options: struct('step schedule', {
    /** Operations per second of the first plateau. */
    from: optional(atLeast(float, 0), 0, 'operations per second of the first plateau'),
    /** Operations per second that no plateau goes beyond. */
    to: optional(atLeast(float, 0), 0, 'operations per second that no plateau goes beyond'),
    /** Difference between plateaus, operations per second. */
    step: required(atLeast(integer, 1), 'difference between plateaus, operations per second'),
    /** How long each plateau lasts. */
    duration: required(atLeastMs(1), 'how long each plateau lasts'),
  }),
  create: ({ duration, ...rates }) => stepPlan({ ...rates, duration: nanosOf(duration) }),
  describe: ({ duration, ...rates }) =>
    `step ${rates.from} to ${rates.to}/s by ${rates.step}, each ${lengthText(duration)}, ` +
    operationsText(stepPlan({ ...rates, duration: nanosOf(duration) })),
});
