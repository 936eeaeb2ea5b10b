import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isElpisError } from '../../../lib/core/errors.js';
import { constPlan } from '../../../lib/schedules/const.js';
import { linePlan } from '../../../lib/schedules/line.js';
import { ratePlan } from '../../../lib/schedules/ratePlan.js';

const second = 1e9;

describe('ratePlan', () => {
  const counts: readonly [sentence: string, rate: (t: number) => number, durationMs: number, count: number][] = [
    ['a constant rate has its exact count', () => 100, 60_000, 6000],
    ['an awkward rate', () => 0.1, 60_000, 6],
    ['a rate and a time that do not divide', () => 3, 1500, 4],
    ['a line', (t) => 10 * t, 10_000, 500],
    ['a parabola', (t) => 3 * t ** 2, 10_000, 1000],
    ['whole waves are their mean', (t) => 500 + 400 * Math.sin((2 * Math.PI * t) / 60), 600_000, 300_000],
    ['a spike: 100·√π in all', (t) => 1000 * Math.exp(-(((t - 30) * 10) ** 2)), 60_000, 177],
    ['nothing', () => 0, 10_000, 0],
    ['no time', () => 100, 0, 0],
    ['jumps between pieces', (t) => (t < 30 ? 100 : 500), 60_000, 18_000],
  ];
  for (const [sentence, rate, durationMs, count] of counts) {
    it(sentence, () => {
      const plan = ratePlan(rate, { durationMs });
      assert.equal(plan.count, count);
      assert.equal(plan.durationNs, durationMs * 1e6);
    });
  }

  it('plays constant and straight rates when const and line do, to the nanosecond or two', () => {
    for (const [by, formula] of [
      [ratePlan(() => 7, { durationMs: 60_000 }), constPlan({ ops: 7, duration: 60 * second })],
      [ratePlan((t) => 2 * t, { durationMs: 60_000 }), linePlan({ from: 0, to: 120, duration: 60 * second })],
      [ratePlan((t) => 120 - 2 * t, { durationMs: 60_000 }), linePlan({ from: 120, to: 0, duration: 60 * second })],
    ] as const) {
      assert.equal(by.count, formula.count);
      for (let i = 0; i < by.count; i++) {
        const off = Math.abs(by.atNs(i) - formula.atNs(i));
        // Where the rate is nearly 0, time is an ill-conditioned function of the count.
        assert.ok(off <= (i < by.count - 5 && i > 5 ? 4 : 2000), `${i}: ${off} ns`);
      }
    }
  });

  it('deviates by far less than an operation at the end of a day, as at its start', () => {
    const period = 60;
    const plan = ratePlan((t) => 500 + 400 * Math.sin((2 * Math.PI * t) / period), { durationMs: 3_600_000 });
    /** How many are due by a time, by the formula. */
    const due = (t: number): number =>
      500 * t + ((400 * period) / (2 * Math.PI)) * (1 - Math.cos((2 * Math.PI * t) / period));
    for (const index of [1, 1000, 17_777, 900_000, 1_799_999])
      assert.ok(Math.abs(due(plan.atNs(index) / second) - index) < 0.05, `${index} ${due(plan.atNs(index) / second)}`);
  });

  it('adds up a million pieces without a drift: moments at the end of a day are as exact as at its start', () => {
    const durationMs = 86_400_000;
    const plan = ratePlan(() => 0.7, { durationMs, pieces: 1_000_000 });
    const formula = constPlan({ ops: 0.7, duration: durationMs * 1e6 });
    for (let i = 0; i < formula.count; i += 97) {
      const off = Math.abs(plan.atNs(i) - formula.atNs(i));
      assert.ok(off <= 2, `${i}: ${off} ns`);
    }
  });

  it('returns its rate, which is 0 outside', () => {
    const plan = ratePlan((t) => 10 * t, { durationMs: 10_000 });
    assert.deepEqual([-1, 0, 5 * second, 10 * second].map(plan.rateAt), [0, 0, 50, 0]);
  });

  it('calls the rate inside of the duration only, as often as documented', () => {
    const asked: number[] = [];
    const plan = ratePlan(
      (t) => {
        asked.push(t);
        return 5;
      },
      { durationMs: 4000, pieces: 4 },
    );
    assert.equal(asked.length, 12);
    assert.ok(asked.every((t) => t > 0 && t < 4));
    plan.atNs(3);
    plan.countAt(1e9);
    assert.equal(asked.length, 12);
  });

  const refusals: readonly [sentence: string, make: () => unknown, message: RegExp][] = [
    [
      'a rate below 0, with its second',
      () => ratePlan((t) => 1 - t, { durationMs: 2000, pieces: 1 }),
      /^ratePlan: the rate at 1\.77\d+ s is -0\.77\d+; expected a number of at least 0$/,
    ],
    [
      'a rate that is no number',
      () => ratePlan(() => Number.NaN, { durationMs: 2000 }),
      /^ratePlan: the rate at .* s is NaN/,
    ],
    ['an infinite rate', () => ratePlan(() => Number.POSITIVE_INFINITY, { durationMs: 2000 }), /is Infinity/],
    ['a negative time', () => ratePlan(() => 1, { durationMs: -1 }), /^ratePlan durationMs: -1/],
    [
      'no pieces',
      () => ratePlan(() => 1, { durationMs: 1, pieces: 0 }),
      /^ratePlan pieces: 0 .* from 1 to 10 million$/,
    ],
  ];
  for (const [sentence, make, message] of refusals) {
    it(`refuses ${sentence}`, () =>
      assert.throws(make, (error) => isElpisError(error, 'ELPIS_CONFIG') && message.test(error.message)));
  }

  it('passes on exceptions of the rate', () => {
    const rate = (): number => {
      throw new RangeError('no data for this hour');
    };
    assert.throws(() => ratePlan(rate, { durationMs: 1000 }), /no data for this hour/);
  });
});
