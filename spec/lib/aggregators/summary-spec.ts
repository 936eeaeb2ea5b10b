import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Int32Histogram } from 'hdr-histogram-js';
import { from, lastValueFrom, Subject, VirtualTimeScheduler } from 'rxjs';
import { type Distribution, distributionOf } from '../../../lib/aggregators/summary/distribution.js';
import { mergeSummaries } from '../../../lib/aggregators/summary/mergeSummaries.js';
import { runQuality } from '../../../lib/aggregators/summary/runQuality.js';
import { type SummaryOptions, summary } from '../../../lib/aggregators/summary/summary.js';
import { isSummaryProgress } from '../../../lib/aggregators/summary/summaryProgress.js';
import { isSummarySnapshot, type SummarySnapshot } from '../../../lib/aggregators/summary/summarySnapshot.js';
import type { Report } from '../../../lib/core/aggregator.js';
import { LatencyHistogram } from '../../../lib/measure/latencyHistogram.js';
import type { NetSample } from '../../../lib/protocols/netSample.js';
import { sampleOf } from './sampleOf.js';

const T0 = 1_700_000_000_000;

/** A shot meant at `at`, started `late` ms after that, which took `ms`. */
const shot = (at: number, late: number, ms: number, fields: Partial<NetSample> = {}): NetSample => {
  const started = T0 + at + late;
  return sampleOf({ intended: T0 + at, started, answered: started + ms, ended: started + ms, ...fields });
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
      tags.map(({ tag, shots }) => [tag, shots]),
      [
        ['a', 2],
        ['b', 1],
        ['discarded', 0],
      ],
    );
    const { responseTimeMs, serviceTimeMs, ...counts } = total;
    assert.deepEqual(counts, {
      tag: '',
      shots: 3,
      failed: 1,
      badStatus: 1,
      discarded: 1,
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
    assert.deepEqual([slotWaitMs.count, slotWaitMs.max], [5, 25]);
    assert.deepEqual([latenessMs.count, latenessMs.max], [4, 100]);
  });

  it('tells what happened in each second, and stops with the samples', () => {
    const scheduler = new VirtualTimeScheduler();
    const samples = new Subject<NetSample>();
    const reports: Report[] = [];
    samples.pipe(summary({ pool: 'p', scheduler })).subscribe((report) => reports.push(report));
    scheduler.schedule(() => samples.next(shot(0, 1, 9, { bytesIn: 7 })), 500);
    scheduler.schedule(() => samples.next(shot(0, 1, 19, { protoCode: 404 })), 1500);
    scheduler.schedule(() => samples.next(shot(0, 1, 29, { netCode: 110, protoCode: 0 })), 1600);
    scheduler.schedule(() => samples.complete(), 2500);
    scheduler.flush();
    const windows = reports.map(({ detail }) => detail).filter(isSummaryProgress);
    assert.deepEqual(
      windows.map(({ at, windowMs, shots, failed, badStatus, bytesIn }) => ({
        at,
        windowMs,
        shots,
        failed,
        badStatus,
        bytesIn,
      })),
      [
        { at: 1000, windowMs: 1000, shots: 1, failed: 0, badStatus: 0, bytesIn: 7 },
        { at: 2000, windowMs: 1000, shots: 2, failed: 1, badStatus: 1, bytesIn: 0 },
      ],
    );
    assert.deepEqual(
      windows.map(({ responseTimeMs }) => responseTimeMs),
      [
        { p50: 10, p99: 10, max: 10 },
        { p50: 20.015, p99: 30, max: 30 },
      ],
    );
    assert.deepEqual(
      windows.map(({ serviceTimeMs }) => serviceTimeMs.max),
      [9, 29],
    );
    assert.deepEqual(
      reports.map(({ received, final }) => [received, final]),
      [
        [1, false],
        [3, false],
        [3, true],
      ],
    );
  });

  it('bounds the number of tags, counts the rest together and warns once', async () => {
    const warnings: string[] = [];
    const samples = ['a', 'b', 'c', 'a', 'd', 'c'].map((tag) => shot(0, 0, 1, { tag }));
    const log = { warn: (message: string) => void warnings.push(message) };
    const { tags, total, beyondTagLimit } = await summaryOf(samples, { tagLimit: 2, log });
    assert.deepEqual(
      tags.map(({ tag, shots }) => [tag, shots]),
      [
        ['(other tags)', 3],
        ['a', 2],
        ['b', 1],
      ],
    );
    assert.deepEqual([total.shots, beyondTagLimit, warnings.length], [6, 3, 1]);
  });

  it('survives a run without a shot, and samples of another shape', async () => {
    const { total, verdict } = await summaryOf([{ mine: 1 }]);
    assert.deepEqual(
      [total.shots, total.startedPerSecond, total.responseTimeMs.p99, total.firstStartedAt],
      [0, null, 0, null],
    );
    assert.equal(verdict.late, false);
  });

  it('is plain data', async () => {
    const snapshot = await summaryOf([shot(0, 0, 1)]);
    assert.deepEqual(JSON.parse(JSON.stringify(snapshot)), structuredClone(snapshot));
  });
});

describe('mergeSummaries', () => {
  const sampleArbitrary = fc.record({
    at: fc.integer({ min: 0, max: 60_000 }),
    late: fc.integer({ min: 0, max: 50 }),
    us: fc.integer({ min: 0, max: 90_000_000 }),
    tag: fc.constantFrom('', 'a', 'b'),
    netCode: fc.constantFrom(0, 0, 110, 999),
    outcome: fc.constantFrom('shot', 'shot', 'unfinished', 'discarded'),
  });

  it('of the parts is the summary of the whole', async () => {
    const property = fc.asyncProperty(fc.array(sampleArbitrary, { maxLength: 60 }), async (rows) => {
      const samples = rows.map(({ at, late, us, tag, netCode, outcome }) =>
        shot(at, late, us / 1000, { tag, netCode, outcome: outcome as NetSample['outcome'], errorName: `e${netCode}` }),
      );
      const parts = await Promise.all([0, 1, 2].map((part) => summaryOf(samples.filter((_, i) => i % 3 === part))));
      const whole = await summaryOf(samples);
      assert.deepEqual(normal(mergeSummaries(parts)), normal(whole));
    });
    await fc.assert(property, { numRuns: 60 });
  });

  it('adds up what was planned', async () => {
    const parts = await Promise.all([
      summaryOf([], { pool: 'a', planned: { count: 10, durationMs: 1000 } }),
      summaryOf([], { pool: 'b', planned: { count: 5, durationMs: 3000 } }),
    ]);
    const { pool, planned } = mergeSummaries(parts);
    assert.deepEqual([pool, planned], ['a, b', { count: 15, durationMs: 3000 }]);
    assert.equal(mergeSummaries([...parts, await summaryOf([])]).planned?.count, null);
  });

  /** Lists of equal counts have no order of their own. */
  function normal(snapshot: SummarySnapshot): unknown {
    const sorted = <T>(list: readonly T[]): T[] =>
      list.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    const plain = (tag: SummarySnapshot['total']) => ({
      ...tag,
      statuses: sorted(tag.statuses),
      failures: sorted(tag.failures),
    });
    return { ...snapshot, total: plain(snapshot.total), tags: sorted(snapshot.tags.map(plain)) };
  }
});

describe('LatencyHistogram', () => {
  it('finds each value again within three digits, by percentiles of sorted values', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3_600_000_000 }), { minLength: 1, maxLength: 200 }), (values) => {
        const histogram = new LatencyHistogram();
        for (const value of values) histogram.record(value);
        const sorted = values.toSorted((a, b) => a - b);
        const { p50, p99, max, min, bucketsUs, count } = distributionOf(histogram);
        const exact = (p: number): number => (sorted[Math.ceil((sorted.length * p) / 100) - 1] as number) / 1000;
        for (const [found, wanted] of [
          [p50, exact(50)],
          [p99, exact(99)],
        ] as const) {
          assert.ok(found >= wanted && found <= wanted * 1.001 + 1e-9, `${found} for ${wanted}`);
        }
        assert.deepEqual(
          [count, max, min],
          [values.length, (sorted.at(-1) as number) / 1000, (sorted[0] as number) / 1000],
        );
        assert.equal(
          bucketsUs.reduce((sum, n, i) => (i % 2 === 1 ? sum + n : sum), 0),
          values.length,
        );
      }),
    );
  });

  it('has the mean and the deviation of the library', () => {
    const histogram = new LatencyHistogram();
    for (const us of [0, 5, 1000, 2500, 77_777, 1_234_567, 1_234_567]) histogram.record(us);
    const { mean, stddev } = distributionOf(histogram);
    assert.ok(Math.abs(mean - histogram.mean / 1000) < 1e-6, `${mean}`);
    assert.ok(Math.abs(stddev - histogram.stdDeviation / 1000) < 1e-6, `${stddev}`);
  });

  it('has the buckets of the library', () => {
    const [ours, theirs] = [new LatencyHistogram(), new Int32Histogram(1, 3_600_000_000, 3)];
    fc.assert(
      fc.property(fc.oneof(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 0, max: 3_600_000_000 })), (us) => {
        const index = theirs.countsArrayIndex(us);
        assert.equal(ours.countsArrayIndex(us), index);
        assert.equal(ours.valueFromIndex(index), theirs.valueFromIndex(index));
        assert.equal(ours.medianEquivalentValue(us), theirs.medianEquivalentValue(us));
      }),
      { numRuns: 5000 },
    );
  });

  it('counts what is over an hour as an hour, and counts how many', () => {
    const histogram = new LatencyHistogram();
    for (const us of [1, 3_600_000_000, 3_600_000_001, 9e15]) histogram.record(us);
    const { max, clamped, count } = distributionOf(histogram);
    assert.deepEqual([max, clamped, count], [3_600_000, 2, 4]);
  });
});

describe('runQuality', () => {
  const rows: readonly (readonly [sentence: string, p99: number, responseP50: number, late: boolean])[] = [
    ['10 ms are allowed, whatever the target does', 10, 1, false],
    ['more is too late for a fast target', 10.1, 1, true],
    ['a slow target allows 5 % of its median', 50, 1000, false],
    ['and no more', 51, 1000, true],
  ];
  for (const [sentence, p99, p50, late] of rows) {
    it(sentence, () => {
      const verdict = runQuality({ p99, count: 1 } as Distribution, { p50, count: 1 } as Distribution);
      assert.equal(verdict.late, late);
      assert.match(verdict.text, late ? /generator, not the target, was late/ : /on time/);
    });
  }
});
