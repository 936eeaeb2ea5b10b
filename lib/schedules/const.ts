import { atLeast } from '../codec/bounds.js';
import { atLeastMs } from '../codec/duration.js';
import { float } from '../codec/scalars.js';
import { optional, required, struct } from '../codec/struct.js';
import type { Plan } from '../core/plan.js';
import type { Nanos, PerSecond } from '../core/units.js';
import { countBefore } from '../plans/support.js';
import { defineComponent } from '../plugin/descriptor.js';

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

const config = struct('const schedule', {
  ops: optional(atLeast(float, 0), 0, 'operations per second; 0 is a pause'),
  duration: required(atLeastMs(1), 'how long'),
});

/** The `const` schedule: a constant rate. */
export const constSchedule = defineComponent({
  kind: 'schedule',
  name: 'const',
  summary: 'A constant rate.',
  codec: () => config,
  create: constPlan,
});
