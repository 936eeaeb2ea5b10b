import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Plan } from '../../../lib/core/plan.js';
import { compositePlan } from '../../../lib/plans/compositePlan.js';
import { poissonPlan } from '../../../lib/plans/poissonPlan.js';
import { eventFromJson, eventToJson } from '../../../lib/record/eventJson.js';
import { constPlan } from '../../../lib/schedules/const.js';
import { linePlan } from '../../../lib/schedules/line.js';
import { oncePlan } from '../../../lib/schedules/once.js';
import { stepPlan } from '../../../lib/schedules/step.js';
import { unlimitedPlan } from '../../../lib/schedules/unlimited.js';

const SECOND = 1e9;

/** The JSON of a plan, and the plan that is read from it. */
function recorded(plan: Plan): { readonly json: unknown; readonly read: Plan } {
  const event = eventToJson({
    type: 'run-started',
    at: 1,
    threads: 1,
    pools: [{ id: 'p', rpsPerInstance: false, plan }],
  });
  const json = JSON.parse(JSON.stringify(event)) as { readonly pools: readonly [{ readonly plan: unknown }] };
  const started = eventFromJson(json);
  assert.ok(started?.type === 'run-started');
  const [pool] = started.pools;
  assert.ok(pool?.plan);
  assert.deepEqual(JSON.parse(JSON.stringify(eventToJson(started))), json, 'a plan that was read is written unchanged');
  return { json: json.pools[0].plan, read: pool.plan };
}

const moments = (plan: Plan): readonly number[] =>
  [0, 0.013, 0.1, 0.25, 0.5, 0.77, 0.9, 0.999].map((part) => Math.round(plan.durationNs * part));

function assertNear(actual: number, expected: number, by: number, what: string): void {
  assert.ok(Math.abs(actual - expected) <= by, `${what}: ${actual} is not within ${by} of ${expected}`);
}

const constant = constPlan({ ops: 100, duration: 10 * SECOND });
const rising = linePlan({ from: 0, to: 500, duration: 60 * SECOND });

describe('a plan as JSON', () => {
  for (const [name, plan] of [
    ['a constant rate', constant],
    ['a line', rising],
  ] as const) {
    it(`keeps ${name} exactly, with two points`, () => {
      const { json, read } = recorded(plan);
      assert.deepEqual((json as { readonly points: readonly unknown[] }).points.length, 2);
      assert.deepEqual([read.count, read.durationNs], [plan.count, plan.durationNs]);
      for (const at of moments(plan)) {
        assertNear(read.rateAt(at), plan.rateAt(at), 1e-6, `rate at ${at}`);
        assertNear(read.countAt(at), plan.countAt(at), 1, `count at ${at}`);
      }
      assert.equal(read.rateAt(plan.durationNs), 0);
      assert.equal(read.rateAt(-1), 0);
      assert.equal(read.countAt(2 * plan.durationNs), plan.count);
    });
  }

  it('keeps the parts of a composite, each with its own points', () => {
    const plan = compositePlan([constant, rising, stepPlan({ from: 10, to: 30, step: 10, duration: 5 * SECOND })]);
    const { read } = recorded(plan);
    assert.deepEqual([read.count, read.durationNs], [plan.count, plan.durationNs]);
    for (const at of moments(plan)) {
      assertNear(read.rateAt(at), plan.rateAt(at), 1e-6, `rate at ${at}`);
      assertNear(read.countAt(at), plan.countAt(at), 2, `count at ${at}`);
    }
  });

  it('has the times of operations, from its counts', () => {
    const { read } = recorded(constant);
    for (const index of [0, 1, 500, 999])
      assertNear(read.atNs(index), constant.atNs(index), 1000, `operation ${index}`);
  });

  it('keeps a plan without duration, an unlimited one, and one whose rate is no straight line nearly', () => {
    const once = recorded(oncePlan({ times: 7 })).read;
    assert.deepEqual([once.count, once.durationNs, once.countAt(1), once.atNs(3)], [7, 0, 7, 0]);
    const unlimited = recorded(unlimitedPlan({ duration: SECOND })).read;
    assert.deepEqual([unlimited.count, unlimited.unlimited, unlimited.rateAt(5)], [Infinity, true, Infinity]);
    const random = poissonPlan(constant, { seed: 3 });
    const { read } = recorded(random);
    assert.equal(read.count, random.count);
    for (const at of moments(random)) assertNear(read.countAt(at), random.countAt(at), 20, `count at ${at}`);
  });

  it('never counts backwards, and ends with all operations', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ from: fc.nat(300), to: fc.nat(300), seconds: fc.integer({ min: 1, max: 60 }) }), {
          minLength: 1,
          maxLength: 5,
        }),
        (lines) => {
          const plan = compositePlan(
            lines.map(({ from, to, seconds }) => linePlan({ from, to, duration: seconds * SECOND })),
          );
          const { read } = recorded(plan);
          let before = 0;
          for (let i = 0; i <= 100; i++) {
            const count = read.countAt((plan.durationNs * i) / 100);
            assert.ok(count >= before && count <= plan.count, `${count} after ${before}`);
            before = count;
          }
          assert.equal(before, plan.count);
        },
      ),
    );
  });
});
