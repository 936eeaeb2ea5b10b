import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CounterReader, type Counters } from '../../../lib/measure/counters.js';

describe('CounterReader', () => {
  it('returns what was added since the previous reading, without names that have not changed', () => {
    const live = new Map([['retries', 2]]);
    const reader = new CounterReader(() => live);
    const take = (): unknown => Object.fromEntries(reader.take());
    assert.deepEqual(take(), { retries: 2 });
    assert.deepEqual(take(), {});
    live.set('retries', 5).set('late bytes', 1);
    assert.deepEqual(take(), { retries: 3, 'late bytes': 1 });
  });

  it('keeps 100 names in a reading, and adds up the others', () => {
    const names: Counters = new Map(Array.from({ length: 103 }, (_, i) => [`name ${i}`, i]));
    const taken = new CounterReader(() => names).take();
    // `name 0` has counted nothing.
    assert.deepEqual([taken.size, taken.get('name 100'), taken.get('(other counters)')], [101, 100, 203]);
  });
});
