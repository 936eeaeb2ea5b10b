import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Plan } from '../../../lib/core/plan.js';
import { clipPlan } from '../../../lib/plans/clipPlan.js';
import { compositePlan } from '../../../lib/plans/compositePlan.js';
import { jitterPlan } from '../../../lib/plans/jitterPlan.js';
import { mergePlans } from '../../../lib/plans/mergePlans.js';
import { poissonPlan } from '../../../lib/plans/poissonPlan.js';
import { repeatPlan } from '../../../lib/plans/repeatPlan.js';
import { scalePlan } from '../../../lib/plans/scalePlan.js';
import { shiftPlan } from '../../../lib/plans/shiftPlan.js';
import { stretchPlan } from '../../../lib/plans/stretchPlan.js';
import { timesPlan } from '../../../lib/plans/timesPlan.js';
import { constPlan } from '../../../lib/schedules/const.js';
import { linePlan } from '../../../lib/schedules/line.js';
import { oncePlan } from '../../../lib/schedules/once.js';
import { ratePlan } from '../../../lib/schedules/ratePlan.js';
import { fuzzer } from '../fuzzer.js';

const second = 1e9;
const rate = fc.double({ min: 0, max: 300, noNaN: true });
const duration = fc.integer({ min: 1_000_000, max: 5 * second });
const leaf: fc.Arbitrary<Plan> = fc.oneof(
  fc.record({ ops: rate, duration }).map(constPlan),
  fc.record({ from: rate, to: rate, duration }).map(linePlan),
  fc.integer({ min: 1, max: 200 }).map((times) => oncePlan({ times })),
  fc
    .tuple(rate, duration)
    .map(([top, ns]) => ratePlan((t) => top * Math.abs(Math.sin(t)), { durationMs: ns / 1e6, pieces: 64 })),
  fc
    .array(fc.integer({ min: 0, max: 3 * second }), { minLength: 1, maxLength: 50 })
    .map((times) => timesPlan(times.sort((a, b) => a - b))),
);
const seed = fc.integer();
/** Any plan: load profiles, and what operators make of them, nested. */
export const { plan: anyPlans } = fc.letrec<{ plan: Plan; changed: Plan }>((tie) => ({
  plan: fc.oneof({ depthSize: 'small', withCrossShrink: true }, leaf, tie('changed')),
  changed: fc.oneof(
    fc.array(tie('plan'), { maxLength: 3 }).map(compositePlan),
    fc.array(tie('plan'), { maxLength: 3 }).map(mergePlans),
    fc.tuple(tie('plan'), fc.double({ min: 0, max: 3, noNaN: true })).map(([plan, factor]) => scalePlan(plan, factor)),
    fc
      .tuple(tie('plan'), fc.double({ min: 0.01, max: 3, noNaN: true }))
      .map(([plan, factor]) => stretchPlan(plan, factor)),
    fc.tuple(tie('plan'), fc.nat(2000)).map(([plan, by]) => shiftPlan(plan, by)),
    fc.tuple(tie('plan'), fc.nat(4)).map(([plan, times]) => repeatPlan(plan, times)),
    fc.tuple(tie('plan'), fc.nat(2000), fc.nat(3000)).map(([plan, from, more]) => clipPlan(plan, from, from + more)),
    fc.tuple(tie('plan'), fc.nat(100), seed).map(([plan, amount, s]) => jitterPlan(plan, amount, { seed: s })),
    fc.tuple(tie('plan'), seed).map(([plan, s]) => poissonPlan(plan, { seed: s })),
  ),
}));

/** Any plan, by its own word. */
export const plansInOrder = fuzzer({
  name: 'plans/order',
  holds: 'times are in order within the plan, and countAt is their inverse, whatever was asked before',
  runs: 500,
  input: fc.tuple(anyPlans, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 4 })),
  check: ([plan, places]) => {
    assert.ok(Number.isSafeInteger(plan.count) && plan.count >= 0, `count ${plan.count}`);
    assert.ok(Number.isSafeInteger(plan.durationNs) && plan.durationNs >= 0, `duration ${plan.durationNs}`);
    assert.equal(plan.countAt(plan.durationNs + 1), plan.count);
    assert.equal(plan.countAt(0), 0);
    if (plan.count === 0) return;
    for (const place of places) {
      const index = Math.min(plan.count - 1, Math.floor(place * plan.count));
      const at = plan.atNs(index);
      assert.ok(Number.isSafeInteger(at) && at >= 0 && at <= plan.durationNs, `${at} of ${plan.durationNs}`);
      if (index > 0) assert.ok(plan.atNs(index - 1) <= at, 'in order');
      if (index + 1 < plan.count) assert.ok(plan.atNs(index + 1) >= at, 'in order');
      assert.ok(plan.countAt(at) <= index, 'none too many');
      assert.ok(plan.countAt(at + 1) > index, 'none too few');
      assert.equal(plan.atNs(index), at, 'the same again');
    }
  },
});
