import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { rotation } from '../../../../lib/scenario/files/rotation.js';

/** The first starts of scenarios that are named A, B, C and so on. */
function drawn(weights: readonly number[], starts: number): string {
  const letter = (i: number): string => String.fromCharCode(65 + i);
  const order = rotation(weights.map((weight, i) => ({ name: letter(i), weight })));
  return Array.from({ length: starts }, (_, index) => letter(order.at(index))).join('');
}

describe('the rotation of scenarios', () => {
  const DRAWINGS: readonly (readonly [what: string, weights: readonly number[], drawing: string])[] = [
    ['one scenario', [7], 'AAA'],
    ['blocks in the order of the file, by the smallest whole weights', [20, 30, 60], 'AABBBCCCCCCAABBBCCCCCC'],
    ['equal weights', [5, 5], 'ABAB'],
    ['a weight below 0: never', [-2, 4], 'BBB'],
    ['a weight below 0 in the middle', [1, -1, 1], 'ACAC'],
  ];
  for (const [what, weights, drawing] of DRAWINGS) {
    it(`${what}: ${drawing}`, () => assert.equal(drawn(weights, drawing.length), drawing));
  }

  it('gives scenarios of one name the weight of the last', () => {
    const order = rotation([
      { name: 'x', weight: 2 },
      { name: 'x', weight: 4 },
    ]);
    assert.deepEqual([0, 1, 2, 3, 4].map(order.at), [0, 0, 1, 1, 0]);
  });

  it('has no round when nothing can be played', () => {
    assert.equal(rotation([]).length, 0);
    assert.equal(rotation([{ name: 'a', weight: -1 }]).length, 0);
  });

  it('large weights cost nothing', () => {
    const order = rotation([
      { name: 'a', weight: 1_000_000_007 },
      { name: 'b', weight: 999_999_937 },
    ]);
    assert.equal(order.length, 1_999_999_944);
    assert.deepEqual([0, 1_000_000_006, 1_000_000_007, 1_999_999_943, 1_999_999_944].map(order.at), [0, 0, 1, 1, 0]);
  });

  it('plays each scenario in a round as often as its count says, in one block', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 6 }), (weights) => {
        const { length, counts, at } = rotation(weights.map((weight, i) => ({ name: String(i), weight })));
        const round = Array.from({ length }, (_, index) => at(index));
        assert.deepEqual(
          round,
          counts.flatMap((count, i) => Array.from({ length: count }, () => i)),
        );
        // The shares are those of the weights.
        for (const [i, count] of counts.entries())
          assert.equal(count * (weights[0] as number), (counts[0] as number) * (weights[i] as number));
      }),
    );
  });
});
