import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { summaryJson } from '../../../lib/report/summaryJson.js';
import { pool, T0, tag, times } from './someSummary.js';

describe('summaryJson', () => {
  it('has a stable shape with units in its keys', () => {
    const { schemaVersion, pools } = summaryJson([pool({ tags: [tag('a')] })]);
    assert.equal(schemaVersion, 2);
    const { total, tags, slotWaitMs, latenessMs, ...rest } = pools[0] as (typeof pools)[0];
    assert.deepEqual(rest, {
      pool: 'main',
      planned: { count: 1000, durationMs: 60_000 },
      samplesBeyondTagLimit: 0,
      withoutAmmo: 0,
      generator: {},
    });
    const figures = (scale: number) => {
      const { bucketsUs, ...plain } = times(scale);
      return plain;
    };
    assert.deepEqual([slotWaitMs, latenessMs], [figures(0), figures(0.1)]);
    const counts = {
      shots: 1000,
      failed: 0,
      badStatus: 0,
      discarded: 0,
      discardedLate: 0,
      unfinished: 0,
      oldestUnfinishedMs: 0,
      sentBytes: 100_000,
      receivedBytes: 5_000_000,
      firstStartedEpochMs: T0,
      lastStartedEpochMs: T0 + 59_900,
      lastEndedEpochMs: T0 + 60_000,
      startedPerSecond: 16.678,
      endedPerSecond: 16.667,
      responseTimeMs: figures(10),
      serviceTimeMs: figures(1.234),
      statuses: [{ status: 200, count: 1000 }],
      failures: [],
    };
    assert.deepEqual(total, counts);
    assert.deepEqual(tags, [{ tag: 'a', ...counts }]);
  });

  it('has the buckets with the option', () => {
    const { pools } = summaryJson([pool()], { buckets: true });
    assert.deepEqual(pools[0]?.total.responseTimeMs.bucketsUs, [10_000, 1000]);
  });
});
