import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { from, lastValueFrom, map, Subject, VirtualTimeScheduler } from 'rxjs';
import { type SummaryOptions, summary } from '../../../lib/aggregators/summary.js';
import type { Report } from '../../../lib/core/aggregator.js';
import { isSummarySnapshot, type SummarySnapshot } from '../../../lib/measure/summary.js';
import { isWindow, mergeWindows } from '../../../lib/measure/window.js';
import type { NetSample } from '../../../lib/protocols/netSample.js';
import { marbles } from '../../operators/marbles.js';
import { sampleOf } from './sampleOf.js';

const T0 = 1_700_000_000_000;

/** A shot that was intended at `at`, started `late` ms later, and took `ms`. */
const shot = (at: number, late: number, ms: number, fields: Partial<NetSample> = {}): NetSample => {
  const started = T0 + at + late;
  return sampleOf({ intended: T0 + at, started, responded: started + ms, ended: started + ms, ...fields });
};

async function summaryOf(samples: readonly unknown[], options: SummaryOptions = {}): Promise<SummarySnapshot> {
  const { detail } = await lastValueFrom(from(samples).pipe(summary(options)));
  if (!isSummarySnapshot(detail)) assert.fail('no summary');
  return detail;
}

describe('summary', () => {
  it('counts by tag and in total', async () => {
    const { total, tags, slotWaitMs, latenessMs, pool, planned } = await summaryOf(
      [
        shot(0, 0, 10, { tag: 'a', bytesIn: 100, bytesOut: 10 }),
        shot(1000, 30, 20, { tag: 'a', slotWait: 25, bytesIn: 50, protoCode: 503 }),
        shot(2000, 0, 5, { tag: 'b', netCode: 111, protoCode: 0, errorName: 'connection refused' }),
        shot(2500, 0, 0, {
          tag: 'discarded',
          outcome: 'discarded',
          netCode: 777,
          protoCode: 0,
          started: 0,
          instance: -1,
        }),
        sampleOf({
          tag: 'b',
          outcome: 'unfinished',
          intended: T0 + 2800,
          started: T0 + 2900,
          ended: T0 + 3000,
          protoCode: 0,
        }),
        sampleOf({
          tag: 'b',
          outcome: 'unfinished',
          instance: -1,
          intended: T0 + 2600,
          started: 0,
          ended: T0 + 3000,
          protoCode: 0,
        }),
      ],
      { pool: 'main', planned: { count: 6, durationMs: 3000 } },
    );
    assert.deepEqual([pool, planned], ['main', { count: 6, durationMs: 3000 }]);
    assert.deepEqual(
      tags.map(({ tag, ended: shots }) => [tag, shots]),
      [
        ['a', 2],
        ['b', 1],
        ['discarded', 0],
      ],
    );
    const { responseTimeMs, serviceTimeMs, ...counts } = total;
    assert.deepEqual(counts, {
      tag: '',
      count: 6,
      ended: 3,
      ok: 1,
      bad: 1,
      failed: 1,
      underWay: 1,
      otherStatuses: 0,
      otherFailures: 0,
      discarded: 1,
      discardedLate: 0,
      unfinished: 2,
      oldestUnfinishedMs: 400,
      bytesOut: 10,
      bytesIn: 150,
      firstStartedAt: T0,
      lastStartedAt: T0 + 2900,
      lastEndedAt: T0 + 2005,
      started: 4,
      startedPerSecond: 3 / 2.9,
      endedPerSecond: 3 / 2.005,
      statuses: [
        { status: 200, count: 1, bad: 0 },
        { status: 503, count: 1, bad: 1 },
      ],
      failures: [{ netCode: 111, name: 'connection refused', count: 1 }],
    });
    // Response: 10, 50 (30 late + 20), 5, and the ages 200 and 400. Service: 10, 20, 5 and the age 100.
    assert.deepEqual([responseTimeMs.count, responseTimeMs.min, responseTimeMs.max], [5, 5, 400]);
    assert.deepEqual([serviceTimeMs.count, serviceTimeMs.min, serviceTimeMs.max], [4, 5, 100]);
    assert.deepEqual([slotWaitMs.count, slotWaitMs.max], [6, 25]);
    assert.deepEqual([latenessMs.count, latenessMs.max], [6, 100]);
  });

  it('reports a window each second, and stops with the samples', () => {
    const scheduler = new VirtualTimeScheduler();
    const samples = new Subject<NetSample>();
    const reports: Report[] = [];
    samples.pipe(summary({ pool: 'p', scheduler })).subscribe((report) => reports.push(report));
    scheduler.schedule(() => samples.next(shot(0, 1, 9, { bytesIn: 7 })), 500);
    scheduler.schedule(() => samples.next(shot(0, 1, 19, { protoCode: 404 })), 1500);
    scheduler.schedule(() => samples.next(shot(0, 1, 29, { netCode: 110, protoCode: 0 })), 1600);
    scheduler.schedule(() => samples.complete(), 2500);
    scheduler.flush();
    const windows = reports.map(({ detail }) => detail).filter(isWindow);
    assert.deepEqual(
      windows.map(({ from, to, partial, total: { ended, bad, failed, bytesIn, response, service } }) => ({
        span: [from, to, partial],
        counts: [ended, bad, failed, bytesIn],
        longestUs: [response.maxUs, service.maxUs],
      })),
      [
        { span: [0, 1000, false], counts: [1, 0, 0, 7], longestUs: [10_000, 9000] },
        { span: [1000, 2000, false], counts: [2, 1, 1, 0], longestUs: [30_000, 29_000] },
        { span: [2000, 2500, true], counts: [0, 0, 0, 0], longestUs: [0, 0] },
      ],
    );
    assert.deepEqual(
      reports.map(({ received, final }) => [received, final]),
      [
        [1, false],
        [3, false],
        [3, false],
        [3, true],
      ],
    );
    const end = reports.at(-1)?.detail;
    if (!isSummarySnapshot(end)) assert.fail('no summary');
    // It spans from the subscription; its counts are those of the windows.
    assert.deepEqual(end.window.total, windows.reduce(mergeWindows).total);
  });

  it('bounds the number of tags, counts the rest together and warns once', async () => {
    const warnings: string[] = [];
    const samples = ['a', 'b', 'c', 'a', 'd', 'c'].map((tag) => shot(0, 0, 1, { tag }));
    const log = { warn: (message: string) => void warnings.push(message) };
    const { tags, total, beyondTagLimit } = await summaryOf(samples, { tagLimit: 2, log });
    assert.deepEqual(
      tags.map(({ tag, ended: shots }) => [tag, shots]),
      [
        ['(other tags)', 3],
        ['a', 2],
        ['b', 1],
      ],
    );
    assert.deepEqual([total.ended, beyondTagLimit, warnings.length], [6, 3, 1]);
  });

  it('survives a run without a shot, and samples of another shape', async () => {
    const { total } = await summaryOf([{ mine: 1 }]);
    assert.deepEqual(
      [total.ended, total.startedPerSecond, total.responseTimeMs.p99, total.firstStartedAt],
      [0, null, 0, null],
    );
  });

  it('survives structuredClone', async () => {
    const snapshot = await summaryOf([shot(0, 0, 1)]);
    assert.deepEqual(structuredClone(snapshot), snapshot);
  });

  it(
    'passes on an error of the samples after the window that was open',
    marbles(({ cold, expectObservable, scheduler }) => {
      const sample = shot(0, 0, 1);
      const reports = cold('-s-#', { s: sample }).pipe(
        summary({ scheduler }),
        map(({ detail }) => (isWindow(detail) ? `w${detail.total.ended}` : 'F')),
      );
      expectObservable(reports).toBe('---(w#)', { w: 'w1' });
    }),
  );
});
