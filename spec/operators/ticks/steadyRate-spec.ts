import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SteadyRate } from '../../../operators/ticks/controlCursor.js';

describe('SteadyRate', () => {
  it('computes each moment from its number', () => {
    const rate = new SteadyRate(1000, 0.1, 0.5);
    for (let i = 0; i < 1_000_000; i++) rate.advance();
    assert.equal(rate.next, 1000 + 1_000_000.5 * 0.1);
  });

  it('tells how much of a distance is left', () => {
    const rate = new SteadyRate(1000, 40, 0.25);
    assert.deepEqual([rate.next, rate.left(1000), rate.left(1010)], [1010, 0.25, 0]);
    rate.advance();
    assert.deepEqual([rate.next, rate.left(1020)], [1050, 0.75]);
  });

  it('has no moment when the distance is infinite, and keeps what was left before it', () => {
    const rate = new SteadyRate(1000, Number.POSITIVE_INFINITY, 0);
    assert.deepEqual([rate.next, rate.left(5000)], [Number.POSITIVE_INFINITY, 0]);
    assert.equal(new SteadyRate(1000, Number.POSITIVE_INFINITY, 0.3).left(1e9), 0.3);
  });
});
