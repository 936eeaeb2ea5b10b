import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '../../../lib/time/seededRandom.js';

const firstOf = (seed: number, count = 3): number[] => Array.from({ length: count }, seededRandom(seed));

describe('seededRandom', () => {
  it('returns the numbers of mulberry32 in every version of Elpis: seeds are kept in configs', () => {
    assert.deepEqual(firstOf(1), [0.6270739405881613, 0.002735721180215478, 0.5274470399599522]);
  });

  it('takes a seed modulo 2^32, and gives other numbers for another seed', () => {
    assert.deepEqual(firstOf(2 ** 32 + 1), firstOf(1));
    assert.deepEqual(firstOf(-1), firstOf(2 ** 32 - 1));
    assert.notDeepEqual(firstOf(2), firstOf(1));
  });

  it('two generators of one seed are independent', () => {
    const [a, b] = [seededRandom(7), seededRandom(7)];
    const mixed = [a(), a(), b(), a(), b()];
    const [first, second, third] = firstOf(7);
    assert.deepEqual(mixed, [first, second, first, third, second]);
  });
});
