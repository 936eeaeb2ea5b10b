import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { builtins } from '../../../lib/builtins/builtins.js';
import { decodeConfig } from '../../../lib/config/decodeConfig.js';
import { isElpisError } from '../../../lib/core/errors.js';
import type { Plan } from '../../../lib/core/plan.js';
import { compositePlan } from '../../../lib/plans/compositePlan.js';
import { mergePlans } from '../../../lib/plans/mergePlans.js';
import { repeatPlan } from '../../../lib/plans/repeatPlan.js';
import { scalePlan } from '../../../lib/plans/scalePlan.js';
import { constPlan } from '../../../lib/schedules/const.js';
import { instanceStepPlan } from '../../../lib/schedules/instanceStep.js';
import { linePlan } from '../../../lib/schedules/line.js';
import { oncePlan } from '../../../lib/schedules/once.js';
import { ratePlan } from '../../../lib/schedules/ratePlan.js';
import { stepPlan } from '../../../lib/schedules/step.js';
import { unlimitedPlan } from '../../../lib/schedules/unlimited.js';

const SECOND = 1e9;
const MOST = Number.MAX_SAFE_INTEGER;

/** Decodes a config with these options of one schedule in a list, as in YAML. */
const decoded = (schedule: object) => {
  const gun = { type: 'http', target: 'a:1' };
  const rest = { ammo: { type: 'uri', uris: ['/'] }, startup: { type: 'once', times: 1 }, result: { type: 'discard' } };
  return decodeConfig({ pools: [{ gun, ...rest, rps: [schedule] }] }, builtins());
};

/** Either the problem with its path and hint, or the warnings. */
function verdict(schedule: object): string {
  const result = decoded(schedule);
  if (result._tag === 'Right') {
    const warnings = result.right.warnings.filter(({ path }) => path.includes('rps'));
    return warnings.map(({ path, message }) => `${path}: ${message}`).join('\n') || 'fine';
  }
  return result.left.map(({ context, hint }) => `${context.map(({ key }) => key).join('/')}: ${hint}`).join('\n');
}

describe('more operations than can be numbered are refused', () => {
  const most = oncePlan({ times: MOST });
  const one = oncePlan({ times: 1 });
  const CASES: readonly [sentence: string, fits: () => Plan, isTooMany: () => Plan][] = [
    ['const', () => constPlan({ ops: MOST, duration: SECOND }), () => constPlan({ ops: MOST + 1, duration: SECOND })],
    [
      'line',
      () => linePlan({ from: 0, to: MOST, duration: SECOND }),
      () => linePlan({ from: 0, to: 4 * MOST, duration: SECOND }),
    ],
    [
      'step',
      () => stepPlan({ from: 1, to: 1, step: 1, duration: SECOND }),
      () => stepPlan({ from: MOST, to: MOST + 1, step: 1, duration: SECOND }),
    ],
    ['once', () => most, () => oncePlan({ times: MOST + 1 })],
    [
      'instance_step',
      () => instanceStepPlan({ from: 1, to: MOST, step: 1, stepduration: 1 }),
      () => instanceStepPlan({ from: 0, to: 2 ** 60, step: 1, stepduration: 1 }),
    ],
    [
      'ratePlan',
      () => ratePlan(() => MOST / 2, { durationMs: 1000 }),
      () => ratePlan(() => 3 * MOST, { durationMs: 1000 }),
    ],
    ['a composite', () => compositePlan([most, oncePlan({ times: 0 })]), () => compositePlan([most, one])],
    ['a mix', () => mergePlans([most, oncePlan({ times: 0 })]), () => mergePlans([most, one])],
    ['repeatTicks', () => repeatPlan(one, MOST), () => repeatPlan(oncePlan({ times: 2 }), MOST)],
    ['scaleRate', () => scalePlan(one, MOST / 2), () => scalePlan(most, 2)],
  ];
  for (const [name, fits, isTooMany] of CASES)
    it(name, () => {
      assert.ok(fits().count <= MOST);
      assert.throws(
        isTooMany,
        (error) => isElpisError(error, 'ELPIS_CONFIG') && /cannot be numbered/.test(error.message),
      );
    });

  it('an operation of a mix of 2^52 is found immediately, also among a million of one nanosecond', () => {
    const half = constPlan({ ops: 2 ** 50, duration: 2 * SECOND });
    const mix = mergePlans([half, half]);
    assert.deepEqual([mix.count, mix.atNs(2 ** 52 - 1)], [2 ** 52, 2 * SECOND - 1]);
    assert.equal(mix.atNs(2 ** 51), SECOND);
  });

  it('an unlimited schedule is repeated at most 10,000 times, because it is kept as a list', () => {
    const plan = unlimitedPlan({ duration: 1e6 });
    assert.equal(repeatPlan(plan, 10_000).durationNs, 10_000e6);
    assert.throws(() => repeatPlan(plan, 10_001), /repeatTicks times: 10001 is not usable; expected at most 10000/);
  });
});

describe('step', () => {
  it('is the plateaus one after another, operation by operation, without a list of them', () => {
    const rates = fc.record({
      from: fc.double({ min: 0, max: 40, noNaN: true }),
      to: fc.double({ min: 0, max: 40, noNaN: true }),
      step: fc.integer({ min: 1, max: 7 }),
      duration: fc.integer({ min: 1e6, max: 3e9 }),
    });
    fc.assert(
      fc.property(rates, (options) => {
        const { from, to, step, duration } = options;
        const plateaus = Array.from({ length: Math.floor(Math.abs(to - from) / step) + 1 }, (_, i) =>
          constPlan({ ops: from + i * (from <= to ? step : -step), duration }),
        );
        const [plan, list] = [stepPlan(options), compositePlan(plateaus)];
        assert.deepEqual([plan.count, plan.durationNs], [list.count, list.durationNs]);
        for (let i = 0; i < plan.count; i++) assert.equal(plan.atNs(i), list.atNs(i), `operation ${i}`);
        for (const part of [0, 0.1, 0.5, 0.77, 1]) {
          const offset = Math.trunc(part * plan.durationNs);
          assert.equal(plan.rateAt(offset), list.rateAt(offset));
          assert.equal(plan.countAt(offset), list.countAt(offset));
        }
        assert.equal(plan.rateAt(-1), 0);
      }),
    );
  });

  it('has at most 10 million plateaus', () => {
    const plan = stepPlan({ from: 1, to: 10_000_000, step: 1, duration: SECOND });
    assert.equal(plan.count, (10_000_000 * 10_000_001) / 2);
    assert.equal(plan.atNs(plan.count - 1), 10_000_000 * SECOND - 100);
    assert.throws(
      () => stepPlan({ from: 0, to: 10_000_000, step: 1, duration: SECOND }),
      /step schedule: 0 to 10000000 by 1 is 10000001 plateaus; expected at most 10000000/,
    );
  });
});

describe('instance_step', () => {
  it('is bursts with pauses between them, without a list of them', () => {
    const groups = fc.record({
      from: fc.integer({ min: 0, max: 9 }),
      to: fc.integer({ min: 0, max: 60 }),
      step: fc.integer({ min: 1, max: 9 }),
      stepduration: fc.constant(SECOND),
    });
    fc.assert(
      fc.property(groups, (options) => {
        const { from, to, step, stepduration } = options;
        const parts: Plan[] = [oncePlan({ times: from })];
        for (let reached = from + step; reached <= to; reached += step)
          parts.push(constPlan({ ops: 0, duration: stepduration }), oncePlan({ times: step }));
        const [plan, list] = [instanceStepPlan(options), compositePlan(parts)];
        assert.deepEqual([plan.count, plan.durationNs], [list.count, list.durationNs]);
        for (let i = 0; i < plan.count; i++) assert.equal(plan.atNs(i), list.atNs(i), `operation ${i}`);
        for (let ms = -500; ms <= plan.durationNs / 1e6 + 500; ms += 500)
          assert.equal(plan.countAt(ms * 1e6), list.countAt(ms * 1e6), `before ${ms} ms`);
      }),
    );
  });

  it('of a billion groups takes no memory', () => {
    const plan = instanceStepPlan({ from: 1, to: 1e9, step: 1, stepduration: SECOND });
    assert.deepEqual([plan.count, plan.atNs(999_999_999)], [1e9, 999_999_999 * SECOND]);
  });
});

describe('a schedule in a config', () => {
  const TABLE: readonly [schedule: object, verdict: RegExp | string][] = [
    [
      { type: 'const', ops: 1e300, duration: '10s' },
      /0: const schedule: 1e\+301 operations cannot be numbered.*lower the rate/,
    ],
    [{ type: 'line', from: 0, to: 1e300, duration: '10s' }, /0: line schedule: .* cannot be numbered/],
    [
      { type: 'step', from: 1, to: 1e9, step: 1, duration: '1s' },
      /0: step schedule: .* 1000000000 plateaus.*choose a larger step/,
    ],
    [{ type: 'step', from: 1, to: 1e300, step: 1, duration: '1s' }, /0: step schedule: .* plateaus/],
    [{ type: 'once', times: 1e300 }, /0: once schedule: 1e\+300 operations cannot be numbered/],
    [
      { type: 'instance_step', to: 1e300, step: 1, stepduration: '1s' },
      /0: instance_step schedule: .* cannot be numbered/,
    ],
    [{ type: 'instance_step', to: 1e9, step: 1, stepduration: '1s' }, 'fine'],
    [{ type: 'line', from: 5, to: 0, duration: '10s' }, 'fine'],
    [{ type: 'line', from: 5, To: 9, duration: '10s' }, 'fine'],
    [
      { type: 'line', from: 5, duration: '10s' },
      'pools[0].rps[0]: without `to` the rate goes to 0; write `to`, also when it is 0',
    ],
    [{ type: 'line', from: 5, to: null, duration: '10s' }, /^pools\[0\]\.rps\[0\]: without `to`/],
    [{ type: 'const', ops: 0, duration: 2 ** 63 }, /duration: at most 292 years/],
    [{ type: 'const', ops: 1, duration: 999_999.9 }, /a bare number is nanoseconds/],
  ];
  for (const [schedule, expected] of TABLE)
    it(JSON.stringify(schedule), () => {
      const text = verdict(schedule);
      if (typeof expected === 'string') assert.equal(text, expected);
      else assert.match(text, expected);
    });
});
