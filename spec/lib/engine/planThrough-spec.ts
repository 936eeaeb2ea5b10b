import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { map } from 'rxjs';
import type { Tick } from '../../../lib/core/plan.js';
import { planThrough } from '../../../lib/engine/throughOperators.js';
import { constPlan } from '../../../lib/schedules/const.js';
import { filterPulled } from '../../../operators/shots/filterPulled.js';
import { scaleRate } from '../../../operators/ticks/scaleRate.js';

const PLAN = constPlan({ ops: 10, duration: 1e9 });
const double = { name: 'double', operator: scaleRate(2) };

describe('planThrough', () => {
  it('is the plan itself without operators, and undefined without a plan', () => {
    assert.equal(planThrough(PLAN, []), PLAN);
    assert.equal(planThrough(undefined, [double]), undefined);
  });

  it('is the result of operators of plans', () => {
    assert.equal(planThrough(PLAN, [double, double])?.count, 40);
  });

  it('is unknown behind any other operator, pulled or pushed', () => {
    for (const operator of [filterPulled<Tick>(() => true), map((tick: Tick) => tick)])
      assert.equal(planThrough(PLAN, [double, { name: 'other', operator }]), undefined);
  });
});
