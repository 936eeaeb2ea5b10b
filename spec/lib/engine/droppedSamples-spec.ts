import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withContext } from '../../../lib/core/errorContext.js';
import { ElpisError } from '../../../lib/core/errors.js';
import { droppedSamples, type FinalReport, finalsOf, withTotals } from '../../../lib/engine/droppedSamples.js';

const report = (pool: string, dropped: number, final = true): FinalReport => ({
  ...{ type: 'report', pool, at: 0 },
  report: { from: 'phout', received: 10, dropped, final },
});

const texts = (errors: readonly ElpisError[]): readonly string[] => errors.map(({ message }) => message);
const dropped = (pool: string, count: number): ElpisError =>
  withContext(droppedSamples({ from: 'phout', dropped: count }), { pool });

describe('finalsOf', () => {
  it('returns the final reports, without other reports and other events', () => {
    const last = report('a', 1);
    const started = { type: 'pool-started', pool: 'a', at: 0 } as const;
    assert.deepEqual(finalsOf([started, report('a', 0, false), last]), [last]);
  });
});

describe('withTotals', () => {
  it('replaces the errors of the shares by one with the total', () => {
    const found = withTotals([dropped('a', 3), dropped('a', 4)], [report('a', 7)]);
    assert.deepEqual(texts(found), [dropped('a', 7).message]);
    assert.equal(found[0]?.pool, 'a');
  });

  it('keeps other errors, also those that are in `also` of one', () => {
    const failed = withContext(new ElpisError('ELPIS_GUN', 'broken'), { pool: 'a' });
    const combined = new ElpisError('ELPIS_GUN', 'first', { also: [failed, dropped('a', 3)] });
    assert.deepEqual(texts(withTotals([combined], [report('a', 3)])), [
      ...texts([combined, failed]),
      dropped('a', 3).message,
    ]);
  });

  it('keeps the errors of pools whose total is unknown', () => {
    const other = dropped('b', 2);
    assert.deepEqual(texts(withTotals([dropped('a', 3), other], [report('a', 5)])), [
      other.message,
      dropped('a', 5).message,
    ]);
  });

  it('returns the errors unchanged when no result dropped samples', () => {
    const failures = [new ElpisError('ELPIS_GUN', 'broken')];
    assert.equal(withTotals(failures, [report('a', 0)]), failures);
  });
});
