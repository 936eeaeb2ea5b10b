import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { DONE } from '../../../lib/core/cursor.js';
import { defined } from '../../../lib/core/defined.js';
import { isElpisError } from '../../../lib/core/errors.js';
import type { Plan, Tick } from '../../../lib/core/plan.js';
import { clipPlan } from '../../../lib/plans/clipPlan.js';
import { compositePlan } from '../../../lib/plans/compositePlan.js';
import { jitterPlan } from '../../../lib/plans/jitterPlan.js';
import { lazyPlan } from '../../../lib/plans/lazyPlan.js';
import { mergePlans } from '../../../lib/plans/mergePlans.js';
import { poissonPlan } from '../../../lib/plans/poissonPlan.js';
import { repeatPlan } from '../../../lib/plans/repeatPlan.js';
import { scalePlan } from '../../../lib/plans/scalePlan.js';
import { pausePlan, shiftPlan } from '../../../lib/plans/shiftPlan.js';
import { stretchPlan } from '../../../lib/plans/stretchPlan.js';
import { fractionalAtNs, planError, wholeCount } from '../../../lib/plans/support.js';
import { timesPlan } from '../../../lib/plans/timesPlan.js';
import { PlanCursor } from '../../../lib/pull/planSchedule.js';
import { constPlan } from '../../../lib/schedules/const.js';
import { linePlan } from '../../../lib/schedules/line.js';
import { oncePlan } from '../../../lib/schedules/once.js';
import { unlimitedPlan } from '../../../lib/schedules/unlimited.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';
import { anyPlans, plansInOrder } from '../../../scripts/soak/fuzzers/plans.js';
import { plansByHand } from '../../../scripts/soak/fuzzers/plansByHand.js';

const second = 1e9;
const offsets = (plan: Plan): number[] => Array.from({ length: plan.count }, (_, i) => plan.atNs(i));
const ms = (plan: Plan): number[] => offsets(plan).map((ns) => ns / 1e6);
const every = (gapMs: number, lengthMs: number): Plan => constPlan({ ops: 1000 / gapMs, duration: lengthMs * 1e6 });
const burst = (times: number): Plan => oncePlan({ times });
const pause = (lengthMs: number): Plan => pausePlan(lengthMs * 1e6);
const unlimited = unlimitedPlan({ duration: second });
const waves = compositePlan([burst(2), pause(1000), every(100, 300)]);

describe('changes of a plan', () => {
  const rows: readonly [sentence: string, plan: Plan, ms: readonly number[], finishMs: number][] = [
    [
      'twice the rate is twice as many in the same time',
      scalePlan(every(100, 300), 2),
      [0, 50, 100, 150, 200, 250],
      300,
    ],
    ['a third of the rate', scalePlan(every(100, 900), 1 / 3), [0, 300, 600], 900],
    ['a rate of a factor that does not divide the count', scalePlan(every(100, 500), 0.5), [0, 200], 500],
    ['no rate', scalePlan(every(100, 500), 0), [], 500],
    [
      'a scaled burst is a bigger burst, a pause stays one',
      scalePlan(waves, 2),
      [0, 0, 0, 0, 1000, 1050, 1100, 1150, 1200, 1250],
      1300,
    ],
    [
      'a scaled line is the steeper line',
      scalePlan(linePlan({ from: 0, to: 10, duration: second }), 2),
      ms(linePlan({ from: 0, to: 20, duration: second })),
      1000,
    ],
    [
      'recorded times are scaled between each other',
      scalePlan(timesPlan([0, 10e6, 40e6]), 2),
      [0, 5, 10, 25, 40, 40],
      40,
    ],
    [
      'after the last recorded time there is up to one gap',
      scalePlan(timesPlan([0, 10e6], 50e6), 2),
      [0, 5, 10, 15],
      50,
    ],
    ['one recorded time has all that follows', scalePlan(timesPlan([0], 50e6), 2), [0, 25], 50],

    ['stretched', stretchPlan(every(100, 300), 2), [0, 200, 400], 600],
    ['shrunk', stretchPlan(every(100, 300), 0.5), [0, 50, 100], 150],
    ['a stretched burst stays one', stretchPlan(waves, 2), [0, 0, 2000, 2200, 2400], 2600],

    ['shifted', shiftPlan(every(100, 300), 250), [250, 350, 450], 550],
    ['shifted by nothing', shiftPlan(every(100, 300), 0), [0, 100, 200], 300],
    ['shifted by part of a millisecond', shiftPlan(burst(1), 0.5), [0.5], 0.5],

    ['repeated', repeatPlan(every(100, 250), 3), [0, 100, 250, 350, 500, 600], 750],
    ['once', repeatPlan(waves, 1), ms(waves), 1300],
    ['never', repeatPlan(waves, 0), [], 0],
    ['repeated bursts are a bigger one', repeatPlan(burst(2), 2), [0, 0, 0, 0], 0],
    ['repeated pauses', repeatPlan(pause(100), 3), [], 300],

    ['the middle', clipPlan(every(100, 500), 100, 300), [0, 100], 200],
    ['from between two operations', clipPlan(every(100, 500), 150, 300), [50], 150],
    ['the rest', clipPlan(every(100, 500), 250), [50, 150], 250],
    ['up to after the end', clipPlan(every(100, 500), 250, 9000), [50, 150], 250],
    ['nothing', clipPlan(every(100, 500), 200, 200), [], 0],
    ['after the end there is nothing', clipPlan(every(100, 500), 600), [], 0],
    ['what is due at the end belongs to the rest', clipPlan(compositePlan([pause(100), burst(2)]), 50), [50, 50], 50],
    ['what is due at the end is not before the end', clipPlan(compositePlan([pause(100), burst(2)]), 50, 100), [], 50],
    [
      'what is due at the end of all is all that is left there',
      clipPlan(compositePlan([pause(100), burst(2)]), 100),
      [0, 0],
      0,
    ],

    [
      'at once: in the order of their times',
      mergePlans([every(100, 300), shiftPlan(every(100, 300), 50)]),
      [0, 50, 100, 150, 200, 250],
      350,
    ],
    ['at once: as long as the longest', mergePlans([burst(2), pause(500), every(200, 400)]), [0, 0, 0, 200], 500],
    ['at once: nothing', mergePlans([]), [], 0],
    ['at once: pauses', mergePlans([pause(10), pause(20)]), [], 20],
    ['at once: one alone', mergePlans([waves]), ms(waves), 1300],
    [
      'at once, scaled: a pause of all stays one',
      scalePlan(mergePlans([waves, burst(1)]), 2),
      [0, 0, 0, 0, 0, 0, 1000, 1050, 1100, 1150, 1200, 1250],
      1300,
    ],

    ['moved by nothing', jitterPlan(every(100, 300), 0), [0, 100, 200], 300],
    ['a moved burst stays one', jitterPlan(compositePlan([pause(0), burst(3), pause(0)]), 50), [0, 0, 0], 0],
    ['a burst by chance', poissonPlan(burst(3)), [0, 0, 0], 0],
    ['nothing by chance', poissonPlan(pause(10)), [], 10],
  ];
  for (const [sentence, plan, expected, finishMs] of rows) {
    it(sentence, () => {
      assert.deepEqual(ms(plan), expected);
      assert.equal(plan.durationNs / 1e6, finishMs);
    });
  }

  it('counts of scaled plans are exact, or cut off', () => {
    assert.equal(scalePlan(every(10, 1000), 0.29).count, 29);
    assert.equal(scalePlan(every(10, 1000), 1.999).count, 199);
    assert.equal(scalePlan(every(100, 500), 0.5).count, 2);
  });

  it('the rates follow', () => {
    const line = linePlan({ from: 0, to: 100, duration: second });
    const half = second / 2;
    assert.equal(scalePlan(line, 2).rateAt(half), 100);
    assert.equal(stretchPlan(line, 2).rateAt(second), 25);
    assert.equal(shiftPlan(line, 500).rateAt(second), 50);
    assert.equal(repeatPlan(line, 2).rateAt(1.5 * second), 50);
    assert.equal(clipPlan(line, 500).rateAt(0), 50);
    assert.equal(mergePlans([line, line]).rateAt(half), 100);
    assert.equal(jitterPlan(line, 5).rateAt(half), 50);
    assert.equal(poissonPlan(line).rateAt(half), 50);
    for (const plan of [repeatPlan(line, 2), clipPlan(line, 500), repeatPlan(burst(1), 3)])
      assert.deepEqual([plan.rateAt(-1), plan.rateAt(plan.durationNs)], [0, 0]);
  });

  it('a composite has the rate of the part that is played, and none outside', () => {
    const steps = compositePlan([every(100, 300), burst(3), every(50, 300)]);
    const rates = [-1, 0, 299, 300, 599, 600, 700].map((at) => steps.rateAt(at * 1e6));
    assert.deepEqual(rates, [0, 10, 10, 20, 20, 0, 0]);
  });

  it('one part, or one pass, is the plan itself', () => {
    assert.equal(compositePlan([waves]), waves);
    assert.equal(mergePlans([waves]), waves);
    assert.equal(repeatPlan(waves, 1), waves);
  });

  it('what has a formula keeps one, so that fractions of operations are exact, and not interpolated', () => {
    const line = linePlan({ from: 0, to: 100, duration: second });
    const formulas = [
      ...[compositePlan([line, line]), scalePlan(line, 2), stretchPlan(line, 2), shiftPlan(line, 5)],
      ...[repeatPlan(line, 2), clipPlan(line, 100, 600), pause(5)],
    ];
    assert.ok(formulas.every(({ fractional }) => fractional === true));
    assert.deepEqual(offsets(scalePlan(scalePlan(line, 2), 3)), offsets(scalePlan(line, 6)));
    for (const plan of [jitterPlan(line, 5), poissonPlan(line), timesPlan([0, 5])])
      assert.notEqual(plan.fractional, true);
  });

  it('a count that is whole but for rounding is whole, and any other is cut off', () => {
    const rows = [
      ...[
        [0, 0],
        [0.9, 0],
        [1 - 1e-12, 1],
        [1 - 1e-8, 0],
        [5e-10, 0],
        [1e-9, 0],
      ],
      ...[
        [3e9 - 1, 3e9 - 1],
        [3e9 - 0.5, 3e9],
        [1e6 - 0.01, 999_999],
      ],
    ] as const;
    for (const [amount, count] of rows) assert.equal(wholeCount(amount), count, String(amount));
  });

  it('unlimited parts can be joined, stretched, shifted, repeated and cut', () => {
    const mixed = compositePlan([burst(2), unlimited, burst(1)]);
    const shape = (plan: Plan): (string | number)[] =>
      (plan.parts ?? [plan]).map((part) => (part.unlimited ? `unlimited ${part.durationNs / 1e6}` : part.count));
    assert.deepEqual(shape(stretchPlan(mixed, 2)), [2, 'unlimited 2000', 1]);
    assert.equal(stretchPlan(unlimited, 2).rateAt(1.5 * second), Number.POSITIVE_INFINITY);
    assert.deepEqual(shape(clipPlan(mixed, 200, 700)), ['unlimited 500']);
    assert.deepEqual(shape(clipPlan(mixed, 1000)), [1]);
    assert.equal(clipPlan(mixed, 1000).count, 1);
    assert.deepEqual(shape(clipPlan(mixed, 0, 1000)), [2, 'unlimited 1000']);
    assert.equal(shiftPlan(unlimited, 100).parts?.length, 2);
    assert.equal(repeatPlan(mixed, 2).parts?.length, 2);
  });

  const refusals: readonly [sentence: string, make: () => Plan, message: RegExp][] = [
    [
      'a rate of an unlimited plan',
      () => scalePlan(unlimited, 2),
      /^scaleRate: an unlimited schedule has no planned times/,
    ],
    ['a mix with an unlimited plan', () => mergePlans([burst(1), unlimited]), /^mergeTicks: an unlimited/],
    ['moving unlimited operations', () => jitterPlan(unlimited, 1), /^jitter: an unlimited/],
    ['chance for unlimited operations', () => poissonPlan(unlimited), /^poisson: an unlimited/],
    [
      'a negative rate',
      () => scalePlan(waves, -1),
      /^scaleRate factor: -1 is not usable; expected a number of at least 0$/,
    ],
    ['no number', () => scalePlan(waves, Number.NaN), /^scaleRate factor: NaN/],
    ['no time at all', () => stretchPlan(waves, 0), /^stretch factor: 0 is not usable; expected a number above 0$/],
    ['endless time', () => stretchPlan(waves, Number.POSITIVE_INFINITY), /^stretch factor: Infinity/],
    ['a shift back', () => shiftPlan(waves, -5), /^shiftBy: -5 is not usable; expected a number of at least 0 ms$/],
    ['half a time', () => repeatPlan(waves, 1.5), /^repeatTicks times: 1.5 .* a whole number of at least 0$/],
    ['fewer than no times', () => repeatPlan(waves, -1), /^repeatTicks times: -1/],
    ['a cut before the start', () => clipPlan(waves, -1), /^clip from: -1/],
    ['a cut that ends before it begins', () => clipPlan(waves, 5, 4), /^clip to: 4 .* at least 5 ms, where it begins$/],
    ['a negative displacement', () => jitterPlan(waves, -1), /^jitter amount: -1/],
    [
      'a seed that is none',
      () => poissonPlan(waves, { seed: 0.5 }),
      /^poisson seed: 0.5 is not usable; expected a whole number$/,
    ],
    ['a seed that is none, to move', () => jitterPlan(waves, 1, { seed: Number.NaN }), /^jitter seed: NaN/],
  ];
  for (const [sentence, make, message] of refusals) {
    it(`refuses ${sentence}`, () =>
      assert.throws(make, (error) => isElpisError(error, 'ELPIS_CONFIG') && message.test(error.message)));
  }
});

describe('planError', () => {
  it('shows the value as it is written, and gives a hint when there is one', () => {
    const plain = planError('line from', '5', 'a number');
    assert.equal(plain.message, 'line from: "5" is not usable; expected a number');
    assert.equal(plain.hint, undefined);
    assert.equal(planError('line from', -5, 'a number', 'swap them').hint, 'swap them');
  });
});

describe('properties of all plans', () => {
  for (const { holds, runs, assert: holdsTrue } of [plansInOrder, plansByHand])
    it(`fuzzed: ${holds}`, () => holdsTrue(runs));

  it('a fraction of an operation is due between its neighbours', () => {
    fc.assert(
      fc.property(anyPlans, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (plan, place) => {
        if (plan.count === 0) return;
        const index = Math.min(place * plan.count, plan.count * (1 - Number.EPSILON));
        const at = fractionalAtNs(plan, index);
        assert.ok(at >= plan.atNs(Math.floor(index)), 'not before');
        assert.ok(at <= (Math.ceil(index) < plan.count ? plan.atNs(Math.ceil(index)) : plan.durationNs), 'not after');
      }),
    );
  });

  const play = (plan: Plan, share?: { index: number; of: number }): Tick[] => {
    const cursor = new PlanCursor(plan, new VirtualClock(), defined({ share }));
    const seen: Tick[] = [];
    for (let tick = cursor.poll(); tick !== DONE; tick = cursor.poll()) seen.push(tick as Tick);
    return seen;
  };

  it('the union of all shares is the whole', () => {
    fc.assert(
      fc.property(anyPlans, fc.integer({ min: 2, max: 5 }), (plan, of) => {
        if (plan.count > 5000) return;
        const shares = Array.from({ length: of }, (_, index) => play(plan, { index, of }));
        assert.deepEqual(
          shares.flat().sort((a, b) => a.index - b.index),
          play(plan),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('merged: each moment has the operations of all', () => {
    fc.assert(
      fc.property(fc.array(anyPlans, { maxLength: 4 }), (plans) => {
        const total = plans.reduce((sum, { count }) => sum + count, 0);
        if (total > 20_000) return;
        const merged = mergePlans(plans);
        assert.deepEqual(
          offsets(merged),
          plans.flatMap(offsets).sort((a, b) => a - b),
        );
        const backwards = Array.from({ length: Math.min(50, total) }, (_, i) => total - 1 - i);
        assert.deepEqual(
          backwards.map((i) => merged.atNs(i)),
          backwards.map((i) => mergePlans(plans).atNs(i)),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('stretched there and back, repeated and clipped: the plan itself', () => {
    fc.assert(
      fc.property(anyPlans, (plan) => {
        if (plan.count > 2000 || plan.durationNs === 0) return;
        assert.deepEqual(offsets(stretchPlan(stretchPlan(plan, 2), 0.5)), offsets(plan));
        const millis = plan.durationNs / 1e6;
        const second = clipPlan(repeatPlan(plan, 3), millis, 2 * millis);
        const inside = offsets(plan).filter((at) => at < plan.durationNs);
        // What is due at the very end of a pass is also due at the start of the next.
        const before = plan.count - inside.length;
        assert.deepEqual(offsets(second).slice(before), inside);
      }),
      { numRuns: 100 },
    );
  });

  it('no rounding adds up: the last of ten million operations is exact', () => {
    const day = constPlan({ ops: 100, duration: 100_000 * second });
    assert.equal(repeatPlan(every(4, 12), 3_000_000).atNs(8_999_999), (12 * 3_000_000 - 4) * 1e6);
    assert.equal(scalePlan(day, 3).atNs(29_999_997), 99_999.99 * second);
    assert.equal(stretchPlan(day, 0.1).atNs(9_999_999), 9_999.999 * second);
    assert.equal(mergePlans([day, day]).atNs(19_999_999), 99_999.99 * second);
    const last = jitterPlan(day, 2).atNs(9_999_999);
    assert.ok(Math.abs(last - 99_999.99 * second) <= 2e6, String(last));
  });
});

describe('lazyPlan', () => {
  it('is made once, when it is first asked something', () => {
    let made = 0;
    const plan = lazyPlan(() => {
      made++;
      return every(100, 300);
    });
    const repeated = (): Plan => repeatPlan(plan, 2);
    assert.equal(made, 0);
    assert.equal(repeated().count, 6);
    assert.deepEqual(
      [plan.count, plan.durationNs, plan.fractional, plan.atNs(1), plan.countAt(1), plan.rateAt(1)],
      [3, 3e8, true, 1e8, 1, 10],
    );
    assert.equal(made, 1);
  });

  it('tries again after a failure', () => {
    let failed = false;
    const plan = lazyPlan(() => {
      if (failed) return burst(1);
      failed = true;
      throw new Error('no such file');
    });
    assert.throws(() => plan.count, /no such file/);
    assert.equal(plan.count, 1);
  });
});
