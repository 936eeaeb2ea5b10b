import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { FairOrder } from '../../../operators/shots/fairOrder.js';

const draw = (weights: readonly number[], count: number): string => {
  const order = new FairOrder(weights);
  return Array.from({ length: count }, () => order.next()).join('');
};

const TABLE: readonly [what: string, weights: readonly number[], order: string][] = [
  ['one is always drawn', [3], '0000'],
  ['equal weights alternate, beginning with the first', [1, 1, 1], '012012'],
  ['a heavy one is spread, not bunched', [5, 1, 1], '00100200010020'],
  ['only ratios count', [50, 10, 10], '00100200010020'],
  ['fractions are valid', [0.5, 0.25, 0.25], '01200120'],
  ['weights far apart', [9, 1], '00000100000000010000'],
];

describe('FairOrder', () => {
  for (const [what, weights, order] of TABLE) it(what, () => assert.equal(draw(weights, order.length), order));

  it('keeps each participant within 1 - 1/(2n - 2) of its share, after any number of draws', () => {
    const weights = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 2, maxLength: 12 });
    fc.assert(
      fc.property(weights, (list) => {
        const order = new FairOrder(list);
        const drawn = list.map(() => 0);
        const sum = list.reduce((total, weight) => total + weight, 0);
        const bound = 1 - 1 / (2 * list.length - 2) + 1e-9;
        for (let k = 1; k <= 1000; k++) {
          const winner = order.next();
          drawn[winner] = (drawn[winner] ?? 0) + 1;
          list.forEach((weight, i) => {
            const off = Math.abs((drawn[i] ?? 0) - (k * weight) / sum);
            assert.ok(off <= bound, `${list.join(' ')}: after ${k} draws number ${i} is off by ${off}`);
          });
        }
      }),
      { numRuns: 60 },
    );
  });

  it('gives whole weights their exact numbers in each round of them', () => {
    const weights = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(weights, (list) => {
        const sum = list.reduce((total, weight) => total + weight, 0);
        const order = new FairOrder(list);
        for (let round = 0; round < 3; round++) {
          const drawn = list.map(() => 0);
          for (let k = 0; k < sum; k++) {
            const winner = order.next();
            drawn[winner] = (drawn[winner] ?? 0) + 1;
          }
          assert.deepEqual(drawn, list);
        }
      }),
    );
  });

  it('does not drift with fractions', () => {
    const order = new FairOrder([0.1, 0.2, 0.7]);
    const drawn = [0, 0, 0];
    for (let k = 0; k < 1_000_000; k++) {
      const winner = order.next();
      drawn[winner] = (drawn[winner] ?? 0) + 1;
    }
    assert.deepEqual(drawn, [100_000, 200_000, 700_000]);
  });
});
