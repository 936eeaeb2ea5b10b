import type { Plan } from '../core/plan.js';
import type { Nanos, PerSecond } from '../core/units.js';
import { compositePlan } from '../coreutil/plans/compositePlan.js';
import { constPlan } from './constPlan.js';

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
