import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Plan } from '../../../lib/core/plan.js';
import { compositePlan } from '../../../lib/plans/compositePlan.js';
import { mergePlans } from '../../../lib/plans/mergePlans.js';
import { poissonPlan } from '../../../lib/plans/poissonPlan.js';
import { repeatPlan } from '../../../lib/plans/repeatPlan.js';
import { scalePlan } from '../../../lib/plans/scalePlan.js';
import { timesPlan } from '../../../lib/plans/timesPlan.js';
import { constPlan } from '../../../lib/schedules/const.js';
import { linePlan } from '../../../lib/schedules/line.js';

const second = 1e9;

describe('the rate of a plan of given times: the operations within half a second of a moment', () => {
  // 11 operations: one at 0, and ten at 1.0, 1.1, ..., 1.9 s.
  const times = [0, ...Array.from({ length: 10 }, (_, i) => second + i * 1e8)];
  const plan = timesPlan(times, 2 * second);
  const rows: readonly [sentence: string, atMs: number, perSecond: number][] = [
    ['before the start there is none', -1, 0],
    ['at the start, half a second counts', 0, 2],
    ['in the gap, the operations of a whole second count', 500, 1],
    ['among ten per second', 1500, 10],
    ['at the end, the last half a second counts', 1999.999_999, 10],
    ['from the end on there is none', 2000, 0],
  ];
  for (const [sentence, atMs, perSecond] of rows)
    it(`${sentence}: ${perSecond} at ${atMs} ms`, () => assert.equal(Math.round(plan.rateAt(atMs * 1e6)), perSecond));
});

describe('the last operation of a changed plan', () => {
  const bases: readonly Plan[] = [
    constPlan({ ops: 7, duration: second }),
    constPlan({ ops: 1000, duration: 3 * second }),
    linePlan({ from: 1, to: 50, duration: 10 * second }),
  ];
  for (const [i, base] of bases.entries()) {
    it(`is due within the plan, at any rate (plan ${i + 1})`, () => {
      for (const factor of [0.1, 0.3, 1 / 3, 0.7, 1.1, 3, 7, 49, 1000.1]) {
        const plan = scalePlan(base, factor);
        if (plan.count > 0) assert.ok(plan.atNs(plan.count - 1) < plan.durationNs, `factor ${factor}`);
      }
    });

    it(`is due within the plan, for any arrivals at random (plan ${i + 1})`, () => {
      for (let seed = 0; seed < 20; seed++) {
        const plan = poissonPlan(base, { seed });
        assert.ok(plan.atNs(plan.count - 1) < plan.durationNs, `seed ${seed}`);
        assert.ok(plan.atNs(0) >= 0);
      }
    });
  }
});

describe('the rate of a repeated plan', () => {
  const plan = repeatPlan(
    compositePlan([constPlan({ ops: 5, duration: second }), constPlan({ ops: 0, duration: second })]),
    2,
  );
  for (const [at, perSecond] of [
    [-0.1, 0],
    [0, 5],
    [0.9, 5],
    [1, 0],
    [2, 5],
    [3, 0],
    [4, 0],
  ] as const)
    it(`is ${perSecond} per second at ${at} s`, () => assert.equal(plan.rateAt(at * second), perSecond));
});

describe('finding an operation of merged plans', () => {
  /** A plan that counts the calls of its `countAt`, which are what a search costs. */
  function counting(plan: Plan): { readonly plan: Plan; readonly calls: () => number } {
    let calls = 0;
    const countAt = (offsetNs: number): number => {
      calls++;
      return plan.countAt(offsetNs);
    };
    return { plan: { ...plan, countAt }, calls: () => calls };
  }

  const steady = constPlan({ ops: 1000, duration: 3600 * second });
  /** Nothing for an hour, then a million operations in a second. */
  const uneven = compositePlan([
    constPlan({ ops: 0, duration: 3600 * second }),
    constPlan({ ops: 1e6, duration: second }),
  ]);
  const rows: readonly [sentence: string, plan: Plan, most: number][] = [
    ['steady rates take a few counts, by interpolation', steady, 8],
    ['a burst after an hour takes at most two counts per bit, by bisection', uneven, 100],
  ];
  for (const [sentence, plan, most] of rows)
    it(sentence, () => {
      for (const part of [0.001, 0.25, 0.5, 0.75, 0.999]) {
        const { plan: counted, calls } = counting(plan);
        const merged = mergePlans([counted, constPlan({ ops: 3, duration: 60 * second })]);
        const before = calls();
        const index = Math.floor(merged.count * part);
        const at = merged.atNs(index);
        assert.ok(calls() - before <= most, `${calls() - before} counts for operation ${index}`);
        assert.ok(merged.countAt(at) <= index && merged.countAt(at + 1) > index, `operation ${index}`);
      }
    });
});
