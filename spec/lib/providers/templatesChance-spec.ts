import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chance, uuid } from '../../../lib/providers/templates/chance.js';

const indexes = Array.from({ length: 1000 }, (_, index) => index);

describe('random values of ammo', () => {
  it('of one seed are not a permutation of those of another seed', () => {
    const values = (seed: number): ReadonlySet<number> => new Set(indexes.map((index) => chance(seed, index, 0)));
    for (const [a, b] of [
      [0, 1],
      [1, 2],
      [7, 7 + 2 ** 32],
    ] as const) {
      const other = values(b);
      const common = [...values(a)].filter((value) => other.has(value));
      assert.ok(common.length <= 1, `seeds ${a} and ${b} share ${common.length} of 1000 values`);
    }
  });

  it('depend on the index beyond 2^32, and on the slot', () => {
    assert.notEqual(chance(1, 5, 0), chance(1, 5 + 2 ** 32, 0));
    assert.notEqual(chance(1, 5, 0), chance(1, 5, 1));
  });

  it('are different UUIDs for different indexes', () => {
    assert.equal(new Set(indexes.map((index) => uuid(3, index, 0))).size, indexes.length);
  });
});
