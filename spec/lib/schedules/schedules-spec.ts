import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isLeft } from 'fp-ts/lib/Either.js';
import { builtins } from '../../../lib/builtins/builtins.js';
import type { CodecIssue } from '../../../lib/codec/issue.js';
import { DONE } from '../../../lib/core/cursor.js';
import { defined } from '../../../lib/core/defined.js';
import type { Plan, Tick } from '../../../lib/core/plan.js';
import { compositePlan } from '../../../lib/plans/compositePlan.js';
import { pluginCodecs } from '../../../lib/plugin/pluginCodecs.js';
import { isPlan } from '../../../lib/plugin/userValue.js';
import { PlanCursor } from '../../../lib/pull/planSchedule.js';
import { constPlan } from '../../../lib/schedules/const.js';
import { instanceStepPlan } from '../../../lib/schedules/instanceStep.js';
import { linePlan } from '../../../lib/schedules/line.js';
import { oncePlan } from '../../../lib/schedules/once.js';
import { stepPlan } from '../../../lib/schedules/step.js';
import { unlimitedPlan } from '../../../lib/schedules/unlimited.js';
import { fakeDeps } from '../../../lib/testing/fakeDeps.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';

interface Expectation {
  readonly count?: number;
  readonly leftBeforeStart?: number;
  readonly finishNs?: number;
  readonly offsetsNs?: readonly number[];
  readonly offsetsAtIndexNs?: Readonly<Record<string, number>>;
  readonly offsetsSumNs?: string;
  readonly unlimitedUntilNs?: number;
  readonly error?: string;
}
interface Vector {
  readonly id: string;
  readonly spec: unknown;
  readonly expect: Expectation;
}

const { vectors } = JSON.parse(readFileSync(new URL('../../vectors/schedules.json', import.meta.url), 'utf8')) as {
  readonly vectors: readonly Vector[];
};
const codec = pluginCodecs(builtins()).schedule;

function offsets(plan: Plan): number[] {
  return Array.from({ length: plan.count }, (_, i) => plan.atNs(i));
}

/** Error names of the vectors, and the issue that Elpis reports for them. */
const issueOf = (name: string): { readonly code: string; readonly key: string | undefined } => {
  const [validation, key, rule] = name.split(':');
  return validation === 'validation' ? { code: rule as string, key } : { code: name, key: undefined };
};

describe('schedule vectors', () => {
  for (const { id, spec, expect } of vectors) {
    it(id, () => {
      const decoded = codec.decode(spec);
      if (expect.error !== undefined) {
        assert.ok(isLeft(decoded));
        const { code, key } = issueOf(expect.error);
        const [issue] = decoded.left as CodecIssue[];
        assert.equal(issue?.code, code);
        if (key !== undefined) assert.equal(issue?.context.at(-1)?.key, key);
        return;
      }
      assert.ok(!isLeft(decoded));
      const plan = decoded.right.create(fakeDeps());
      assert.ok(isPlan(plan));
      const left = new PlanCursor(plan, new VirtualClock()).left();
      assert.equal(Number.isFinite(left) ? left : -1, expect.leftBeforeStart);
      if (expect.unlimitedUntilNs !== undefined) return;
      assert.equal(plan.count, expect.count);
      assert.equal(plan.durationNs, expect.finishNs);
      if (expect.offsetsNs !== undefined) assert.deepEqual(offsets(plan), expect.offsetsNs);
      for (const [index, ns] of Object.entries(expect.offsetsAtIndexNs ?? {}))
        assert.equal(plan.atNs(Number(index)), ns);
      if (expect.offsetsSumNs !== undefined) {
        const sum = offsets(plan).reduce((total, ns) => total + BigInt(ns), 0n);
        assert.equal(String(sum), expect.offsetsSumNs);
      }
    });
  }
});

const second = 1e9;
const ms = (plan: Plan): number[] => offsets(plan).map((ns) => ns / 1e6);

describe('plans', () => {
  const rows: readonly [sentence: string, plan: Plan, count: number, firstMs: readonly number[], finishMs: number][] = [
    [
      'a rate that does not divide a second',
      constPlan({ ops: 3, duration: second }),
      3,
      [0, 333.333333, 666.666666],
      1000,
    ],
    ['less than one operation', constPlan({ ops: 10, duration: 1e6 }), 0, [], 1],
    [
      'a line down',
      linePlan({ from: 10, to: 0, duration: 10 * second }),
      50,
      [0, 100.505063, 202.041028, 304.640285],
      10_000,
    ],
    [
      'a line within half a second has its true slope',
      linePlan({ from: 1, to: 10, duration: second / 2 }),
      2,
      [0, 282.375696],
      500,
    ],
    [
      'stairs that do not land on the top',
      stepPlan({ from: 1, to: 10, step: 4, duration: second }),
      15,
      [0, 1000, 1200, 1400],
      3000,
    ],
    ['stairs from nothing', stepPlan({ from: 0, to: 2, step: 1, duration: second }), 3, [1000, 2000, 2500], 3000],
    [
      'stairs down',
      stepPlan({ from: 3, to: 1, step: 1, duration: second }),
      6,
      [0, 333.333333, 666.666666, 1000, 1500, 2000],
      3000,
    ],
    ['a step wider than the stairs', stepPlan({ from: 1, to: 2, step: 5, duration: second }), 1, [0], 1000],
    [
      'groups of instances',
      instanceStepPlan({ from: 2, to: 9, step: 3, stepduration: second }),
      8,
      [0, 0, 1000, 1000, 1000, 2000],
      2000,
    ],
    [
      'fewer than the first group',
      instanceStepPlan({ from: 5, to: 2, step: 1, stepduration: second }),
      5,
      [0, 0, 0, 0, 0],
      0,
    ],
    ['nothing', compositePlan([]), 0, [], 0],
    [
      'parts start at the end of the part before, not at its last operation',
      compositePlan([
        constPlan({ ops: 1, duration: 2 * second }),
        oncePlan({ times: 2 }),
        constPlan({ ops: 0, duration: 5 * second }),
        oncePlan({ times: 1 }),
      ]),
      5,
      [0, 1000, 2000, 2000, 7000],
      7000,
    ],
  ];
  for (const [sentence, plan, count, firstMs, finishMs] of rows) {
    it(sentence, () => {
      assert.equal(plan.count, count);
      assert.deepEqual(ms(plan).slice(0, firstMs.length), firstMs);
      assert.equal(plan.durationNs / 1e6, finishMs);
    });
  }

  it('an unlimited part makes the count unknown, at any position', () => {
    const unlimited = unlimitedPlan({ duration: second });
    for (const parts of [
      [unlimited, oncePlan({ times: 1 })],
      [oncePlan({ times: 3 }), unlimited],
    ]) {
      assert.equal(compositePlan(parts).count, Number.POSITIVE_INFINITY);
    }
  });

  const rate = fc.double({ min: 0, max: 500, noNaN: true });
  const duration = fc.integer({ min: 1_000_000, max: 20 * second });
  const leaf: fc.Arbitrary<Plan> = fc.oneof(
    fc.record({ ops: rate, duration }).map(constPlan),
    fc.record({ from: rate, to: rate, duration }).map(linePlan),
    fc
      .record({
        from: rate,
        to: rate,
        step: fc.integer({ min: 20, max: 200 }),
        duration: fc.integer({ min: 1_000_000, max: second }),
      })
      .map(stepPlan),
    fc.integer({ min: 1, max: 50 }).map((times) => oncePlan({ times })),
  );
  const any = fc.oneof(leaf, fc.array(leaf, { maxLength: 4 }).map(compositePlan));

  it('times never decrease, lie within the duration, and countAt is their inverse', () => {
    fc.assert(
      fc.property(any, fc.double({ min: 0, max: 1, noNaN: true }), (plan, where) => {
        if (plan.count === 0) return;
        const index = Math.min(plan.count - 1, Math.floor(where * plan.count));
        const at = plan.atNs(index);
        assert.ok(at >= 0 && at <= plan.durationNs, `${at} of ${plan.durationNs}`);
        if (index > 0) assert.ok(plan.atNs(index - 1) <= at);
        assert.ok(plan.countAt(at) <= index);
        assert.ok(plan.countAt(at + 1) > index);
        assert.equal(plan.countAt(plan.durationNs + 1), plan.count);
      }),
      { numRuns: 300 },
    );
  });

  it('the count is the integral of the rate, cut off', () => {
    fc.assert(
      fc.property(rate, rate, duration, (from, to, durationNs) => {
        const area = ((from + to) / 2) * (durationNs / 1e9);
        assert.ok(Math.abs(linePlan({ from, to, duration: durationNs }).count - area) <= 1 + 1e-6);
      }),
    );
  });
});

describe('PlanCursor', () => {
  const play = (plan: Plan, share?: { index: number; of: number }): Tick[] => {
    const cursor = new PlanCursor(plan, new VirtualClock(), defined({ share }));
    const seen: Tick[] = [];
    for (let tick = cursor.poll(); tick !== DONE; tick = cursor.poll()) {
      if (typeof tick === 'symbol') throw new Error('a plan is never pending');
      seen.push(tick);
    }
    return seen;
  };
  const plan = compositePlan([
    stepPlan({ from: 5, to: 20, step: 5, duration: second }),
    oncePlan({ times: 7 }),
    linePlan({ from: 9, to: 1, duration: second }),
  ]);

  it('the union of all shares is the whole run, tick for tick', () => {
    for (const of of [1, 2, 3, 7]) {
      const shares = Array.from({ length: of }, (_, index) => play(plan, { index, of }));
      assert.deepEqual(
        shares.flat().sort((a, b) => a.index - b.index),
        play(plan),
      );
    }
  });

  it('returns exactly how many ticks of a share are left', () => {
    const cursor = new PlanCursor(plan, new VirtualClock(), { share: { index: 2, of: 3 } });
    for (let left = play(plan, { index: 2, of: 3 }).length; left >= 0; left--) {
      assert.equal(cursor.left(), left);
      cursor.poll();
    }
  });

  it('starts at the first poll, or at startAt', () => {
    const clock = new VirtualClock(500);
    const cursor = new PlanCursor(oncePlan({ times: 1 }), clock);
    clock.run(700);
    assert.deepEqual(cursor.poll(), { index: 0, at: 700 });
    assert.deepEqual(new PlanCursor(oncePlan({ times: 1 }), clock, { startAt: 900 }).poll(), { index: 0, at: 900 });
  });

  it('an unlimited part returns "now" until its time has passed, then the next part follows', () => {
    const clock = new VirtualClock();
    const cursor = new PlanCursor(compositePlan([unlimitedPlan({ duration: second }), oncePlan({ times: 2 })]), clock);
    assert.deepEqual(
      [cursor.left(), cursor.poll()],
      [Number.POSITIVE_INFINITY, { index: 0, at: 0, demand: { from: 0 } }],
    );
    clock.run(999);
    assert.deepEqual(cursor.poll(), { index: 1, at: 999, demand: { from: 0 } });
    clock.run(1400);
    assert.equal(cursor.left(), 2);
    assert.deepEqual(
      [cursor.poll(), cursor.poll(), cursor.poll()],
      [{ index: 2, at: 1000 }, { index: 3, at: 1000 }, DONE],
    );
  });
});
