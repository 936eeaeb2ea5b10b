import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TimedSample } from '../../../lib/core/sample.js';

import { mergeSummaries, plannedCounts, summaryOf } from '../../../lib/measure/summary.js';
import { emptyWindow, mergeWindows, type Window } from '../../../lib/measure/window.js';
import { WindowRecorder } from '../../../lib/measure/windowRecorder.js';
import { timed } from '../../operators/timed.js';

function windowOf(samples: readonly TimedSample[]): Window {
  const recorder = new WindowRecorder({ from: 0, tagLimit: 100 });
  for (const sample of samples) recorder.record(sample);
  return recorder.close(1000);
}

const requests = windowOf([
  timed(10, { tag: 'slow', started: 1000, protoCode: 503 }),
  timed(20, { tag: 'slow', started: 1500, intended: 1500, ended: 1520 }),
  timed(5, { tag: 'fast', started: 3000, intended: 3000, ended: 3005 }),
  timed(0, { tag: 'discarded', outcome: 'discarded', instance: -1 }),
  timed(0, { tag: 'unfinished', outcome: 'unfinished', started: 3500, intended: 3500, ended: 3600 }),
]);

describe('summaryOf', () => {
  it('computes figures from the merged window of a run', () => {
    const { total, tags, planned, stopped, window } = summaryOf(requests, { pool: 'main' });
    assert.deepEqual([total.ended, total.ok, total.bad, total.started, total.unfinished], [3, 2, 1, 4, 1]);
    // Four starts within 2.5 s, and three ends from the first start to the last end.
    assert.deepEqual([total.startedPerSecond, total.endedPerSecond], [3 / 2.5, 3 / 2.005]);
    assert.deepEqual(
      tags.map(({ tag, ended }) => [tag, ended]),
      [
        ['slow', 2],
        ['fast', 1],
        ['discarded', 0],
        ['unfinished', 0],
      ],
    );
    assert.deepEqual([planned, stopped, window], [null, undefined, requests]);
  });

  it('has no rates and no times without samples', () => {
    const { total } = summaryOf(emptyWindow(5), { pool: '' });
    assert.deepEqual([total.startedPerSecond, total.endedPerSecond, total.responseTimeMs.p99], [null, null, 0]);
  });

  it('orders statuses and failures by their counts', () => {
    const samples = [200, 503, 503, 404].map((protoCode) => timed(1, { protoCode }));
    const failures = ['b', 'a', 'b'].map((errorName) => timed(1, { protoCode: 0, netCode: 110, errorName }));
    const { total } = summaryOf(windowOf([...samples, ...failures]), { pool: '' });
    assert.deepEqual(
      [total.statuses.map(({ status }) => status), total.failures.map(({ name }) => name)],
      [
        [503, 200, 404],
        ['b', 'a'],
      ],
    );
  });

  it('keeps the reason of the condition that ended the pool', () => {
    assert.equal(summaryOf(requests, { pool: '', stopped: 'p99 over 250 ms' }).stopped, 'p99 over 250 ms');
  });
});

describe('plannedCounts', () => {
  it('is all operations, or all scenarios where there are any', () => {
    const played = windowOf([
      timed(1, { tag: 'login' }),
      timed(1, { tag: 'cart' }),
      timed(2, { tag: 'shop', scope: 'scenario' }),
      timed(2, { tag: 'visit', scope: 'scenario', netCode: 999 }),
      timed(2, { tag: 'shop/group', scope: 'group' }),
    ]);
    assert.equal(plannedCounts(requests).ended, 3);
    assert.deepEqual([plannedCounts(played).ended, plannedCounts(played).failed], [2, 1]);
    assert.equal(summaryOf(played, { pool: '' }).scenarios?.ended, 2);
  });
});

describe('mergeSummaries', () => {
  const a = summaryOf(requests, { pool: 'a', planned: { count: 10, durationMs: 1000 } });
  const b = summaryOf(windowOf([timed(7, { tag: 'slow' })]), { pool: 'b', planned: { count: 5, durationMs: 3000 } });

  it('is the summary of the merged windows', () => {
    const whole = summaryOf(mergeWindows(a.window, b.window), {
      pool: 'both',
      planned: { count: 15, durationMs: 3000 },
    });
    assert.deepEqual(mergeSummaries([a, b], 'both'), whole);
  });

  it('adds up what was planned, and names the pools and their reasons to stop', () => {
    const stopped = { ...b, stopped: 'too slow' };
    const { pool, planned, stopped: reason } = mergeSummaries([a, stopped, stopped]);
    assert.deepEqual([pool, planned, reason], ['a, b', { count: 20, durationMs: 3000 }, 'too slow']);
    const unplanned = summaryOf(requests, { pool: 'c' });
    assert.equal(mergeSummaries([a, unplanned]).planned?.count, null);
    assert.equal(mergeSummaries([unplanned]).planned, null);
  });
});
