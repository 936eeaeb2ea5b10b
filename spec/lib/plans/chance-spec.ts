import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Plan } from '../../../lib/core/plan.js';
import { indexedRandom, normalVariate, sortedUniforms } from '../../../lib/plans/chance.js';
import { compositePlan } from '../../../lib/plans/compositePlan.js';
import { jitterPlan } from '../../../lib/plans/jitterPlan.js';
import { poissonPlan } from '../../../lib/plans/poissonPlan.js';
import { pausePlan } from '../../../lib/plans/shiftPlan.js';
import { constPlan } from '../../../lib/schedules/const.js';
import { linePlan } from '../../../lib/schedules/line.js';

const second = 1e9;
const offsets = (plan: Plan): number[] => Array.from({ length: plan.count }, (_, i) => plan.atNs(i));
const list = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

/**
 * The statistic of Kolmogorov and Smirnov, times the root of the count: the deviation of a sample from its
 * distribution. By chance it is above 1.95 once in a thousand samples.
 */
function distance(sample: readonly number[], probabilityUpTo: (value: number) => number): number {
  const n = sample.length;
  const sorted = [...sample].sort((a, b) => a - b);
  const furthest = sorted.reduce((most, value, i) => {
    const p = probabilityUpTo(value);
    return Math.max(most, Math.abs(p - i / n), Math.abs(p - (i + 1) / n));
  }, 0);
  return furthest * Math.sqrt(n);
}
const uniform = (value: number): number => value;

describe('indexedRandom', () => {
  it('is uniform, over indices and over seeds', () => {
    assert.ok(distance(list(20_000, indexedRandom(1)), uniform) < 1.95);
    assert.ok(
      distance(
        list(20_000, (i) => indexedRandom(i)(7)),
        uniform,
      ) < 1.95,
    );
    const far = indexedRandom(3);
    assert.ok(
      distance(
        list(20_000, (i) => far(2 ** 40 + i)),
        uniform,
      ) < 1.95,
    );
  });

  it('has no state and no fixed relation between neighbours', () => {
    const random = indexedRandom(5);
    assert.deepEqual(
      [random(3), random(1), random(3)],
      [indexedRandom(5)(3), indexedRandom(5)(1), indexedRandom(5)(3)],
    );
    const pairs = list(20_000, (i) => (random(i) - 0.5) * (random(i + 1) - 0.5));
    const correlation = (12 * pairs.reduce((sum, x) => sum + x, 0)) / pairs.length;
    assert.ok(Math.abs(correlation) < 3.3 / Math.sqrt(pairs.length), String(correlation));
  });

  it('differs between seeds, also negative and large ones, and between distant indices', () => {
    const firsts = [0, 1, -1, 2 ** 32, 2 ** 33, 2 ** 53 - 1].map((seed) => indexedRandom(seed)(0));
    assert.equal(new Set(firsts).size, firsts.length);
    const random = indexedRandom(1);
    assert.equal(new Set([0, 2 ** 32, 2 ** 33].map(random)).size, 3);
  });

  it('gives the same numbers on every machine', () => {
    assert.deepEqual([0, 1, 2].map(indexedRandom(42)), [0.14908791105633024, 0.3794282275990267, 0.9464319080592928]);
  });
});

describe('normalVariate', () => {
  it('has mean 0, variance 1, skewness 0 and kurtosis 3', () => {
    const uniform = indexedRandom(11);
    let draw = 0;
    const values = Array.from({ length: 100_000 }, () => normalVariate(() => uniform(draw++)));
    const moment = (power: number): number => values.reduce((sum, value) => sum + value ** power, 0) / values.length;
    const near = (power: number, expected: number, by: number): void =>
      assert.ok(Math.abs(moment(power) - expected) < by, `moment ${power} is ${moment(power)}, not ${expected}`);
    near(1, 0, 0.02);
    near(2, 1, 0.03);
    near(3, 0, 0.08);
    near(4, 3, 0.2);
  });

  it('is finite for the smallest uniform number', () => {
    assert.equal(Math.abs(normalVariate(() => 0)), 0);
  });
});

describe('sortedUniforms', () => {
  it('is in order and uniform, for every size', () => {
    for (const count of [1, 2, 63, 64, 65, 127, 128, 129, 1000, 20_000]) {
      const numbers = list(count, sortedUniforms(count, 4));
      assert.ok(
        numbers.every((x, i) => x >= 0 && x < 1 && (i === 0 || x >= (numbers[i - 1] as number))),
        String(count),
      );
      assert.ok(distance(numbers, uniform) < 1.95, String(count));
    }
  });

  it('returns the same values in any order of calls', () => {
    const count = 5000;
    const upwards = list(count, sortedUniforms(count, 9));
    const anyhow = sortedUniforms(count, 9);
    for (let k = 0; k < count; k++) {
      const index = (k * 2711) % count;
      assert.equal(anyhow(index), upwards[index]);
    }
  });

  it('over many seeds, deviates as often as chance does', () => {
    const off = list(500, (seed) => distance(list(200, sortedUniforms(200, seed)), uniform));
    const share = off.filter((d) => d > 1.22).length / off.length; // 10 % of all samples
    assert.ok(share > 0.05 && share < 0.15, String(share));
  });

  it('has order statistics with the variance of Beta, so blocks are independent', () => {
    const middles = list(2000, (seed) => sortedUniforms(299, seed)(149)); // Beta(150, 150)
    const mean = middles.reduce((sum, x) => sum + x, 0) / middles.length;
    const variance = middles.reduce((sum, x) => sum + (x - mean) ** 2, 0) / middles.length;
    assert.ok(Math.abs(mean - 0.5) < 0.002, String(mean));
    assert.ok(Math.abs(variance / (0.25 / 301) - 1) < 0.15, String(variance));
  });
});

describe('poissonPlan', () => {
  const steady = constPlan({ ops: 100, duration: 200 * second });

  it('keeps the total, to the operation', () => {
    for (const seed of [1, 2, 3]) {
      const plan = poissonPlan(steady, { seed });
      assert.equal(plan.count, 20_000);
      assert.equal(plan.countAt(plan.durationNs + 1), 20_000);
    }
  });

  it('has exponential gaps at a steady rate', () => {
    const times = offsets(poissonPlan(steady, { seed: 5 }));
    const gaps = times.slice(1).map((at, i) => at - (times[i] as number));
    assert.ok(distance(gaps, (gap) => 1 - Math.exp((-gap * 100) / second)) < 1.95);
  });

  it('has as many operations in a second as a Poisson process, with a variance like the mean', () => {
    const plan = poissonPlan(steady, { seed: 6 });
    const counts = list(200, (s) => plan.countAt((s + 1) * second) - plan.countAt(s * second));
    const variance = counts.reduce((sum, n) => sum + (n - 100) ** 2, 0) / counts.length;
    assert.ok(variance > 70 && variance < 140, String(variance));
  });

  it('follows the rate of any profile', () => {
    const line = linePlan({ from: 0, to: 200, duration: 100 * second });
    const places = offsets(poissonPlan(line, { seed: 8 })).map((at) => at / (100 * second));
    assert.ok(distance(places, (place) => place ** 2) < 1.95);
  });

  it('has no operation in a pause', () => {
    const gap = compositePlan([
      constPlan({ ops: 100, duration: second }),
      pausePlan(second),
      constPlan({ ops: 100, duration: second }),
    ]);
    for (const seed of [1, 2, 3]) {
      const plan = poissonPlan(gap, { seed });
      assert.equal(plan.countAt(2 * second) - plan.countAt(second), 0);
    }
  });

  it('is the same for a seed and differs between seeds; the seed is 1 when none is given', () => {
    assert.deepEqual(offsets(poissonPlan(steady, { seed: 1 })), offsets(poissonPlan(steady)));
    assert.notDeepEqual(offsets(poissonPlan(steady, { seed: 2 })), offsets(poissonPlan(steady)));
  });
});

describe('jitterPlan', () => {
  const steady = constPlan({ ops: 10, duration: 2000 * second });

  it('moves uniformly to both sides', () => {
    const moved = offsets(jitterPlan(steady, 20, { seed: 3 }))
      .slice(1)
      .map((at, i) => (at - (i + 1) * 1e8 + 20e6) / 40e6);
    assert.ok(distance(moved, uniform) < 1.95);
  });

  it('moves by at most half of the distance to a neighbour, and not out of the plan', () => {
    const plan = jitterPlan(constPlan({ ops: 10, duration: second }), 1000, { seed: 3 });
    offsets(plan).forEach((at, i) => {
      assert.ok(at >= Math.max(0, i * 1e8 - 5e7) && at <= i * 1e8 + (i === 9 ? 1e8 : 5e7), `${i}: ${at}`);
    });
  });

  it('is the same for a seed, and differs between seeds', () => {
    assert.deepEqual(offsets(jitterPlan(steady, 5)), offsets(jitterPlan(steady, 5, { seed: 1 })));
    assert.notDeepEqual(offsets(jitterPlan(steady, 5)), offsets(jitterPlan(steady, 5, { seed: 2 })));
  });
});
