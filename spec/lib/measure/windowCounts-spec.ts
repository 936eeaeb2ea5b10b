import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Histogram } from '../../../lib/measure/histogram.js';
import { HistogramRecorder } from '../../../lib/measure/histogramRecorder.js';
import {
  byFailure,
  byStatus,
  EMPTY_COUNTS,
  mergeCounts,
  type WindowCounts,
} from '../../../lib/measure/windowCounts.js';

function times(...ms: readonly number[]): Histogram {
  const recorder = new HistogramRecorder();
  for (const each of ms) recorder.record(1000 * each);
  return recorder.take();
}

const A: WindowCounts = {
  ...{ count: 1, ended: 2, ok: 3, bad: 4, failed: 5, discarded: 6, discardedLate: 7, unfinished: 8, underWay: 9 },
  ...{ oldestUnfinishedMs: 50, bytesOut: 11, bytesIn: 12 },
  ...{ firstStartedAt: 100, lastStartedAt: 200, lastEndedAt: 300, response: times(1), service: times(2, 2) },
  statuses: [
    { status: 200, count: 5, bad: 1 },
    { status: 404, count: 2, bad: 2 },
  ],
  otherStatuses: 3,
  failures: [
    { netCode: 110, name: 'timeout', count: 1 },
    { netCode: 111, name: 'refused', count: 2 },
  ],
  otherFailures: 4,
};

const B: WindowCounts = {
  ...{ count: 10, ended: 20, ok: 30, bad: 40, failed: 50, discarded: 60, discardedLate: 70, unfinished: 80 },
  ...{ underWay: 90, oldestUnfinishedMs: 40, bytesOut: 110, bytesIn: 120 },
  ...{ firstStartedAt: 90, lastStartedAt: 210, lastEndedAt: 290, response: times(3, 3, 3), service: times() },
  statuses: [
    { status: 101, count: 1, bad: 0 },
    { status: 404, count: 7, bad: 6 },
  ],
  otherStatuses: 30,
  failures: [
    { netCode: 110, name: 'other', count: 9 },
    { netCode: 110, name: 'timeout', count: 8 },
  ],
  otherFailures: 40,
};

const MERGED = {
  ...{ count: 11, ended: 22, ok: 33, bad: 44, failed: 55, discarded: 66, discardedLate: 77, unfinished: 88 },
  ...{ underWay: 99, oldestUnfinishedMs: 50, bytesOut: 121, bytesIn: 132 },
  ...{ firstStartedAt: 90, lastStartedAt: 210, lastEndedAt: 300, response: times(1, 3, 3, 3), service: times(2, 2) },
  statuses: [
    { status: 101, count: 1, bad: 0 },
    { status: 200, count: 5, bad: 1 },
    { status: 404, count: 9, bad: 8 },
  ],
  otherStatuses: 33,
  failures: [
    { netCode: 110, name: 'other', count: 9 },
    { netCode: 110, name: 'timeout', count: 9 },
    { netCode: 111, name: 'refused', count: 2 },
  ],
  otherFailures: 44,
};

describe('mergeCounts', () => {
  it('adds up every number, and takes the extremes of moments and ages', () => {
    assert.deepEqual(mergeCounts(A, B), MERGED);
    assert.deepEqual(mergeCounts(B, A), MERGED);
  });

  it('returns the counts of the other unchanged when one has no samples', () => {
    assert.equal(mergeCounts(EMPTY_COUNTS, A), A);
    assert.equal(mergeCounts(A, EMPTY_COUNTS), A);
  });

  it('has a moment that only one of them has', () => {
    const none = { ...B, firstStartedAt: null, lastStartedAt: null, lastEndedAt: null };
    for (const { firstStartedAt, lastStartedAt, lastEndedAt } of [mergeCounts(A, none), mergeCounts(none, A)])
      assert.deepEqual([firstStartedAt, lastStartedAt, lastEndedAt], [100, 200, 300]);
    assert.equal(mergeCounts(none, none).firstStartedAt, null);
  });

  it('has the lists of the other when one has none', () => {
    const bare = { ...B, statuses: [], failures: [] };
    for (const merged of [mergeCounts(A, bare), mergeCounts(bare, A)]) {
      assert.equal(merged.statuses, A.statuses);
      assert.equal(merged.failures, A.failures);
    }
  });
});

describe('byStatus and byFailure', () => {
  const failure = (netCode: number, name: string) => ({ netCode, name, count: 1 });

  it('order by number, and failures of one number by name', () => {
    const statuses = [404, 200, 101].map((status) => ({ status, count: 1, bad: 0 }));
    assert.deepEqual(
      statuses.sort(byStatus).map(({ status }) => status),
      [101, 200, 404],
    );
    assert.ok(byFailure(failure(1, 'b'), failure(2, 'a')) < 0);
    assert.ok(byFailure(failure(2, 'a'), failure(1, 'b')) > 0);
    assert.ok(byFailure(failure(1, 'a'), failure(1, 'b')) < 0);
    assert.ok(byFailure(failure(1, 'b'), failure(1, 'a')) > 0);
    assert.equal(byFailure(failure(1, 'a'), failure(1, 'a')), 0);
  });
});
