import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type SearchOptions, searchOf } from '../../../lib/capacity/search.js';

const base: SearchOptions = { method: 'bisect', from: 10, to: 10_000, step: 50, precision: 0.02, repeats: 2 };

/** Plays a search against a target that passes up to a rate; returns the rates in order. */
function searched(options: SearchOptions, passesAt: (rate: number, time: number) => boolean) {
  const search = searchOf(options);
  const rates: number[] = [];
  while (search.rate !== undefined) {
    assert.ok(rates.length < 1000, `endless: ${rates.slice(-10).join(', ')}`);
    rates.push(search.rate);
    search.add(passesAt(search.rate, rates.length));
  }
  return { rates, ...search.bracket };
}
const upTo = (knee: number) => (rate: number) => rate <= knee;

describe('searchOf', () => {
  it('step adds until a rate does not pass', () => {
    assert.deepEqual(searched({ ...base, method: 'step', from: 100 }, upTo(210)), {
      rates: [100, 150, 200, 250],
      passed: 200,
      failed: 250,
    });
  });

  it('step ends at the highest rate, which is measured itself', () => {
    const found = searched({ ...base, method: 'step', from: 100, to: 220 }, () => true);
    assert.deepEqual(found, { rates: [100, 150, 200, 220], passed: 220, failed: null });
  });

  it('bisect doubles, halves the interval, and measures both ends again', () => {
    const { rates, passed, failed } = searched({ ...base, precision: 0.1 }, upTo(100));
    assert.deepEqual(rates, [10, 20, 40, 80, 160, 120, 100, 100, 120].slice(0, rates.length));
    assert.deepEqual([passed, failed], [100, 120]);
  });

  it('bisect goes below the first rate when that does not pass', () => {
    const { passed, failed } = searched({ ...base, from: 1000 }, upTo(30));
    assert.ok(passed !== null && failed !== null && passed <= 30 && failed > 30 && failed / passed < 1.05);
  });

  it('bisect ends after 60 measurements, also when repeats would need more', () => {
    const { rates } = searched({ ...base, repeats: 500 }, upTo(100));
    assert.equal(rates.length, 60);
  });

  it('bisect ends when nothing passes, after ten halvings', () => {
    const { rates, passed, failed } = searched({ ...base, from: 1024 }, () => false);
    assert.deepEqual([rates.at(-1), passed, failed], [1, null, 1]);
  });

  it('bisect widens its interval when a repeat contradicts', () => {
    const { rates, passed, failed } = searched(
      { ...base, precision: 0.1 },
      (rate, time) => rate <= (time < 8 ? 100 : 70),
    );
    assert.ok(passed !== null && failed !== null && passed <= 70 && failed > 70, rates.join(' '));
  });

  it('bisect ends also when all results contradict each other', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.boolean()), (results) => {
        const passes = results[Symbol.iterator]();
        assert.ok(searched(base, () => passes.next().value === true).rates.length <= 60);
      }),
    );
  });

  it('bisect finds any knee to its precision', () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 9999, noNaN: true }), (knee) => {
        const { passed, failed } = searched(base, upTo(knee));
        assert.ok(passed !== null && failed !== null && passed <= knee && knee < failed);
        assert.ok(failed - passed <= 2 * base.precision * passed + 1e-9);
      }),
    );
  });

  it('aimd cuts the rate by a quarter and takes the middle of the rates that did not pass', () => {
    const found = searched({ ...base, method: 'aimd', from: 100, step: 50, repeats: 3 }, upTo(230));
    assert.deepEqual(found, {
      rates: [100, 150, 200, 250, 187.5, 237.5, 178.125, 228.125, 278.125],
      passed: 200,
      failed: 250,
    });
  });

  it('aimd ends at the highest rate', () => {
    assert.deepEqual(
      searched({ ...base, method: 'aimd', from: 100, to: 120 }, () => true),
      {
        rates: [100, 120],
        passed: 120,
        failed: null,
      },
    );
  });

  it('never measures a rate above the highest', () => {
    for (const method of ['step', 'bisect', 'aimd'] as const)
      fc.assert(
        fc.property(fc.double({ min: 1, max: 20_000, noNaN: true }), (knee) => {
          const { rates } = searched({ ...base, method, from: 100, to: 1000 }, upTo(knee));
          assert.ok(Math.max(...rates) <= 1000);
        }),
      );
  });
});
