import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { IdealSlots } from '../../../operators/firing/idealSlots.js';

const NONE = Number.POSITIVE_INFINITY;

function slotsOf(...moments: readonly number[]): IdealSlots {
  const slots = new IdealSlots();
  for (const moment of moments) slots.add(moment);
  return slots;
}

/** Takes so many moments, and checks before each that `earliest` is the one that comes next. */
function taken(slots: IdealSlots, count: number): number[] {
  return Array.from({ length: count }, () => {
    const { earliest } = slots;
    const moment = slots.take();
    assert.equal(earliest, moment);
    return moment;
  });
}

describe('IdealSlots', () => {
  it('has no earliest moment while it is empty, also after all were taken', () => {
    assert.equal(slotsOf().earliest, NONE);
    for (const moments of [[5], [5, 3], [3, 5], [5, 3, 4]]) {
      const slots = slotsOf(...moments);
      taken(slots, moments.length);
      assert.equal(slots.earliest, NONE, String(moments));
    }
  });

  it('takes moments in order, in whatever order they were added', () => {
    assert.deepEqual(taken(slotsOf(1, 2, 2, 3), 4), [1, 2, 2, 3]);
    assert.deepEqual(taken(slotsOf(9, 4, 7, 1, 8, 2, 2, 6, 9, 3), 10), [1, 2, 2, 3, 4, 6, 7, 8, 9, 9]);
    assert.deepEqual(taken(slotsOf(10, 9, 8, 7, 6, 5, 4, 3, 2, 1), 10), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('keeps every moment when there are more than its room, wherever its first one is', () => {
    for (const before of [0, 5, 15, 16]) {
      const slots = new IdealSlots();
      for (let i = 0; i < before; i++) slots.add(i);
      taken(slots, before);
      const moments = Array.from({ length: 100 }, (_, i) => 100 + i);
      for (const moment of moments) slots.add(moment);
      assert.deepEqual(taken(slots, 100), moments, `${before} before`);
    }
  });

  it('is a sorted list, whatever is added and taken', () => {
    const operation = fc.oneof(
      { weight: 5, arbitrary: fc.nat(40) },
      { weight: 3, arbitrary: fc.constant('ascending' as const) },
      { weight: 4, arbitrary: fc.constant('take' as const) },
    );
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 200 }), (operations) => {
        const slots = new IdealSlots();
        let sorted: number[] = [];
        let last = 0;
        for (const each of operations) {
          if (each === 'take') {
            if (sorted.length === 0) continue;
            assert.equal(slots.take(), sorted.shift());
          } else {
            last = each === 'ascending' ? last + 1 : each;
            slots.add(last);
            sorted = [...sorted, last].sort((a, b) => a - b);
          }
          assert.equal(slots.earliest, sorted[0] ?? NONE);
        }
        assert.deepEqual(taken(slots, sorted.length), sorted);
      }),
    );
  });
});
