import { advised } from '../codec/advice.js';
import { atLeast } from '../codec/bounds.js';
import { atLeastMs, lengthText } from '../codec/duration.js';
import { float } from '../codec/scalars.js';
import { foldKey, isMap, optional, required, struct } from '../codec/struct.js';
import type { Plan } from '../core/plan.js';
import type { Millis, Nanos, PerSecond } from '../core/units.js';
import { countable, countBefore, nanosOf, operationsText } from '../plans/support.js';
import { component } from '../plugin/component.js';
import { constPlan } from './const.js';
import { plannable } from './plannable.js';

/**
 * A rate that goes from `from` to `to` in a straight line, up or down.
 *
 * With slope a and start b, N(t) = a·t²/2 + b·t operations are due by t; operation i is at the root of N(t) = i,
 * t = (√(2·a·i + b²) − b) / a. Counts and times are cut off toward zero as in Pandora; the slope is exact also when the
 * duration is not in whole seconds (there Pandora's is too steep).
 *
 * @throws ElpisError `ELPIS_CONFIG` for more operations than can be numbered.
 * @example
 * linePlan({ from: 2, to: 8, duration: 2e9 }).count; // 10
 */
export function linePlan({
  from,
  to,
  duration,
}: {
  readonly from: PerSecond;
  readonly to: PerSecond;
  readonly duration: Nanos;
}): Plan {
  if (from === to) return constPlan({ ops: from, duration });
  const seconds = duration / 1e9;
  const slope = (to - from) / seconds;
  const count = countable('line schedule', Math.trunc((slope * seconds * seconds) / 2 + from * seconds));
  const atNs = (index: number): Nanos =>
    Math.trunc((Math.sqrt(Math.max(0, 2 * slope * index + from * from)) - from) * (1e9 / slope)) + 0; // + 0 makes -0 a plain 0
  return {
    count,
    durationNs: duration,
    fractional: true,
    atNs,
    countAt: (offsetNs) => countBefore(count, atNs, offsetNs),
    rateAt: (offsetNs) => (offsetNs >= 0 && offsetNs < duration ? from + (slope * offsetNs) / 1e9 : 0),
  };
}

/** As in Pandora, a line without an end goes to 0, which is seldom intended. */
const adviseTo = (raw: unknown): string | undefined => {
  const written = isMap(raw) && Object.entries(raw).some(([key, value]) => foldKey(key) === 'to' && value !== null);
  return written ? undefined : 'without `to` the rate goes to 0; write `to`, also when it is 0';
};

interface Line {
  readonly from: PerSecond;
  readonly to: PerSecond;
  readonly duration: Millis;
}

const planOf = ({ duration, ...rates }: Line): Plan => linePlan({ ...rates, duration: nanosOf(duration) });

/**
 * The `line` schedule: a rate that rises or falls in a straight line.
 *
 * @example
 * line({ from: 1, to: 500, duration: '60s' });
 */
export const line = component({
  kind: 'schedule',
  name: 'line',
  summary: 'A rate that rises or falls in a straight line.',
  example: { from: 1, to: 500, duration: '60s' },
  options: advised(
    plannable(
      struct('line schedule', {
        /** Operations per second at the start. */
        from: optional(atLeast(float, 0), 0, 'operations per second at the start'),
        /** Operations per second at the end. */
        to: optional(atLeast(float, 0), 0, 'operations per second at the end'),
        /** How long. */
        duration: required(atLeastMs(1), 'how long'),
      }),
      planOf,
    ),
    adviseTo,
  ),
  create: planOf,
  describe: ({ from, to, duration }) =>
    `line ${from} to ${to}/s in ${lengthText(duration)}, ${operationsText(planOf({ from, to, duration }))}`,
});
