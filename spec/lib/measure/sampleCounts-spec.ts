import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SampleCounts } from '../../../lib/measure/sampleCounts.js';

describe('SampleCounts.reset', () => {
  it('leaves nothing of what was counted, times included', () => {
    const counts = new SampleCounts();
    counts.response.record(700);
    counts.service.record(300);
    Object.assign(counts, { shots: 2, failed: 1, badStatus: 1, discarded: 1, unfinished: 1, bytesOut: 9, bytesIn: 8 });
    counts.reset();
    const { response, service, ...numbers } = counts;
    assert.deepEqual([response.totalCount, service.totalCount], [0, 0]);
    assert.ok(Object.values(numbers).every((number) => number === 0));
  });
});
