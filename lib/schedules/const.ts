import { atLeast } from '../codec/bounds.js';
import { atLeastMs, lengthText } from '../codec/duration.js';
import { float } from '../codec/scalars.js';
import { optional, required, struct } from '../codec/struct.js';
import type { Plan } from '../core/plan.js';
import type { Nanos, PerSecond } from '../core/units.js';
import { countBefore, nanosOf, operationsText } from '../plans/support.js';
import { component } from '../plugin/component.js';

/**
 * A constant rate: operation `i` at `i / ops`. A rate of 0 is a pause.
 *
 * Rounding is Pandora's, so that files keep their exact counts: with x seconds, trunc(ops · x) operations at trunc(i · period) ns.
 *
 * @example
 * constPlan({ ops: 2, duration: 3e9 }).atNs(1); // 500_000_000
 */
export function constPlan({ ops, duration }: { readonly ops: PerSecond; readonly duration: Nanos }): Plan {
  const count = Math.trunc(ops * (duration / 1e9));
  const periodNs = 1e9 / ops;
  const atNs = (index: number): Nanos => Math.trunc(index * periodNs);
  return {
    count,
    durationNs: duration,
    fractional: true,
    atNs,
    countAt: (offsetNs) => countBefore(count, atNs, offsetNs),
    rateAt: (offsetNs) => (offsetNs >= 0 && offsetNs < duration ? ops : 0),
  };
}

/**
 * The `const` schedule: a constant rate.
 *
 * @example
 * constant({ ops: 100, duration: '30s' });
 */
export const constant = component({
  kind: 'schedule',
  name: 'const',
  summary: 'A constant rate.',
  example: { ops: 100, duration: '30s' },
  options: struct('const schedule', {
    /** Operations per second; 0 is a pause. */
    ops: optional(atLeast(float, 0), 0, 'operations per second; 0 is a pause'),
    /** How long. */
    duration: required(atLeastMs(1), 'how long'),
  }),
  create: ({ ops, duration }) => constPlan({ ops, duration: nanosOf(duration) }),
  describe: ({ ops, duration }) => {
    if (ops === 0) return `a pause of ${lengthText(duration)}`;
    return `const ${ops}/s for ${lengthText(duration)}, ${operationsText(constPlan({ ops, duration: nanosOf(duration) }))}`;
  },
});
