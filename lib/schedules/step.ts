import { atLeast } from '../codec/bounds.js';
import { atLeastMs, lengthText } from '../codec/duration.js';
import { float, integer } from '../codec/scalars.js';
import { optional, required, struct } from '../codec/struct.js';
import { ElpisError } from '../core/errors.js';
import type { Plan } from '../core/plan.js';
import type { Millis, Nanos, PerSecond } from '../core/units.js';
import { countable, countBefore, nanosOf, operationsText } from '../plans/support.js';
import { component } from '../plugin/component.js';
import { plannable } from './plannable.js';

/** More plateaus are refused, because counting them takes longer than a tenth of a second. */
const MAX_PLATEAUS = 10_000_000;

/** The table has the first operation of every 16th plateau; the others are counted from there. */
const STRIDE = 16;

/** Index of the last entry that is not above `value`, in a sorted list that starts at or below it. */
function lastNotAbove(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((sorted[middle] as number) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * Stairs: plateaus of `duration` each at from, from + step, ... up to `to` (the last may be below it), or down to it
 * when `from` is above `to`. Each plateau is rounded like a `const` schedule. The plan is not a list of plans: rate and
 * start of a plateau are computed from its number, and its first operation from a table with an entry for every 16
 * plateaus.
 *
 * @throws ElpisError `ELPIS_CONFIG` for more than 10 million plateaus, or for more operations than can be numbered.
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
  const plateaus = Math.floor(Math.abs(to - from) / step) + 1;
  if (!(plateaus <= MAX_PLATEAUS)) {
    const message = `step schedule: ${from} to ${to} by ${step} is ${plateaus} plateaus; expected at most ${MAX_PLATEAUS}`;
    throw new ElpisError('ELPIS_CONFIG', message, { hint: 'choose a larger step, or a line schedule' });
  }
  const seconds = duration / 1e9;
  const rateOf = (plateau: number): PerSecond => from + plateau * (from <= to ? step : -step);
  const countOf = (plateau: number): number => Math.trunc(rateOf(plateau) * seconds);
  const firsts = new Float64Array(Math.ceil(plateaus / STRIDE));
  let count = 0;
  for (let plateau = 0; plateau < plateaus; plateau++) {
    if (plateau % STRIDE === 0) firsts[plateau / STRIDE] = count;
    count += countOf(plateau);
  }
  countable('step schedule', count);
  const atNs = (index: number): Nanos => {
    const known = lastNotAbove(firsts, index);
    let [plateau, first] = [known * STRIDE, firsts[known] as number];
    while (plateau < plateaus - 1 && index >= first + countOf(plateau)) first += countOf(plateau++);
    return plateau * duration + Math.trunc((index - first) * (1e9 / rateOf(plateau)));
  };
  return {
    count,
    durationNs: plateaus * duration,
    fractional: true,
    atNs,
    countAt: (offsetNs) => countBefore(count, atNs, offsetNs),
    rateAt: (offsetNs) =>
      offsetNs >= 0 && offsetNs < plateaus * duration ? rateOf(Math.floor(offsetNs / duration)) : 0,
  };
}

interface StepRates {
  readonly from: PerSecond;
  readonly to: PerSecond;
  readonly step: PerSecond;
  readonly duration: Millis;
}

const planOf = ({ duration, ...rates }: StepRates): Plan => stepPlan({ ...rates, duration: nanosOf(duration) });

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
  options: plannable(
    struct('step schedule', {
      /** Operations per second of the first plateau. */
      from: optional(atLeast(float, 0), 0, 'operations per second of the first plateau'),
      /** The limit of the plateaus, operations per second. */
      to: optional(atLeast(float, 0), 0, 'the limit of the plateaus, operations per second'),
      /** Difference between plateaus, operations per second. */
      step: required(atLeast(integer, 1), 'difference between plateaus, operations per second'),
      /** How long each plateau lasts. */
      duration: required(atLeastMs(1), 'how long each plateau lasts'),
    }),
    planOf,
  ),
  create: planOf,
  describe: ({ duration, ...rates }) =>
    `step ${rates.from} to ${rates.to}/s by ${rates.step}, each ${lengthText(duration)}, ` +
    operationsText(planOf({ ...rates, duration })),
});
