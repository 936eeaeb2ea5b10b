import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BadAmmoTotals, mergeBadAmmo } from '../../../lib/measure/badAmmo.js';

function totalsOf(...items: readonly (readonly [kind: string, place: string])[]): BadAmmoTotals {
  const totals = new BadAmmoTotals();
  for (const [kind, place] of items) totals.add(kind, place);
  return totals;
}

describe('BadAmmoTotals', () => {
  it('counts by kind, with the first three places', () => {
    const totals = totalsOf(['uri', 'f:1'], ['size', 'f:2'], ['uri', 'f:3'], ['uri', 'f:4'], ['uri', 'f:5']);
    assert.deepEqual(totals.all, [
      { kind: 'uri', count: 4, first: ['f:1', 'f:3', 'f:4'] },
      { kind: 'size', count: 1, first: ['f:2'] },
    ]);
  });

  it('keeps 160 characters of a place', () => {
    const [row] = totalsOf(['uri', 'x'.repeat(161)], ['uri', 'y'.repeat(160)]).all;
    assert.deepEqual(row?.first, [`${'x'.repeat(160)}...`, 'y'.repeat(160)]);
  });

  it('has rows for 100 kinds, and one for all others', () => {
    const totals = new BadAmmoTotals();
    for (let kind = 0; kind < 150; kind++) totals.add(`kind ${kind}`, 'f:1');
    totals.add('kind 7', 'f:2');
    assert.equal(totals.all.length, 101);
    assert.equal(totals.all[7]?.count, 2);
    assert.equal(totals.all.at(-1)?.kind, '(other kinds)');
    assert.equal(totals.all.at(-1)?.count, 50);
  });

  it('gives values that later items do not change', () => {
    const totals = totalsOf(['uri', 'f:1']);
    const before = totals.all;
    totals.add('uri', 'f:2');
    assert.deepEqual(before, [{ kind: 'uri', count: 1, first: ['f:1'] }]);
  });
});

describe('mergeBadAmmo', () => {
  it('adds up, with the places of the first, then those of the second', () => {
    const a = totalsOf(['uri', 'a:1'], ['uri', 'a:2'], ['size', 'a:3']).all;
    const b = totalsOf(['uri', 'b:1'], ['uri', 'b:2'], ['json', 'b:3']).all;
    assert.deepEqual(mergeBadAmmo(a, b), [
      { kind: 'uri', count: 4, first: ['a:1', 'a:2', 'b:1'] },
      { kind: 'size', count: 1, first: ['a:3'] },
      { kind: 'json', count: 1, first: ['b:3'] },
    ]);
    assert.deepEqual([mergeBadAmmo([], a), mergeBadAmmo(a, [])], [a, a]);
  });
});
