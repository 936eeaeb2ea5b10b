import { atLeast } from '../codec/bounds.js';
import { atLeastMs } from '../codec/duration.js';
import { float, integer } from '../codec/scalars.js';
import { optional, required, struct } from '../codec/struct.js';
import type { Plan } from '../core/plan.js';
import type { Nanos, PerSecond } from '../core/units.js';
import { compositePlan } from '../plans/compositePlan.js';
import { defineComponent } from '../plugin/descriptor.js';
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

const config = struct('step schedule', {
  from: optional(atLeast(float, 0), 0, 'operations per second of the first plateau'),
  to: optional(atLeast(float, 0), 0, 'operations per second that no plateau goes beyond'),
  step: required(atLeast(integer, 1), 'difference between plateaus, operations per second'),
  duration: required(atLeastMs(1), 'how long each plateau lasts'),
});

/** The `step` schedule: stairs, up or down. */
export const stepSchedule = defineComponent({
  kind: 'schedule',
  name: 'step',
  summary: 'Plateaus of a constant rate, each a step above (or below) the one before.',
  codec: () => config,
  create: stepPlan,
});
