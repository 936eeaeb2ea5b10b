import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { TimedSample } from '../../../lib/core/sample.js';
import { countsOf, mergeWindows, OTHER_TAGS, type Window } from '../../../lib/measure/window.js';
import { windowFromJson, windowToJson } from '../../../lib/measure/windowJson.js';
import { WindowRecorder } from '../../../lib/measure/windowRecorder.js';
import { timed } from '../../operators/timed.js';

const recorder = (tagLimit = 100, onTagLimit?: (tag: string) => void) =>
  new WindowRecorder({ from: 0, tagLimit, onTagLimit });

function windowOf(samples: readonly TimedSample[], tagLimit?: number): Window {
  const into = recorder(tagLimit);
  for (const sample of samples) into.record(sample);
  return into.close(1000, { planned: samples.length, started: 2 * samples.length });
}

/** The values of the window of the whole, independent of the names of its parts. */
const sameSpan = (window: Window): Window => ({ ...window, from: 0, to: 1000 });

const sample = fc
  .record({
    outcome: fc.constantFrom('shot', 'shot', 'shot', 'discarded', 'unfinished'),
    scope: fc.constantFrom('', '', 'group', 'scenario'),
    tag: fc.constantFrom('', 'a', 'b', 'c', '__proto__', OTHER_TAGS),
    instance: fc.constantFrom(-1, 0, 1),
    started: fc.integer({ min: 900, max: 1100 }),
    slotWait: fc.nat(50),
    netCode: fc.constantFrom(0, 0, 110, 999),
    errorName: fc.constantFrom('', 'timeout', 'tls failure'),
    protoCode: fc.constantFrom(0, 200, 404, 503),
    bytesIn: fc.nat(1000),
    bytesOut: fc.nat(1000),
    ms: fc.oneof(fc.nat(100), fc.double({ min: 0, max: 8_000_000, noNaN: true })),
  })
  .map(({ ms, ...fields }) => timed(ms, fields as Partial<TimedSample>));
const samples = fc.array(sample, { maxLength: 60 });

describe('WindowRecorder', () => {
  it('counts by outcome and verdict, in total and by tag', () => {
    const window = windowOf([
      timed(10, { tag: 'a', bytesIn: 100, bytesOut: 10 }),
      timed(20, { tag: 'a', protoCode: 503, bytesIn: 50, started: 990, intended: 990 }),
      timed(5, { tag: 'b', netCode: 111, protoCode: 0, errorName: 'connection refused' }),
      timed(0, { tag: 'discarded', outcome: 'discarded', netCode: 777, protoCode: 0, instance: -1 }),
      timed(300, { tag: 'b', outcome: 'unfinished', netCode: 999, protoCode: 0 }),
      timed(400, { tag: 'b', outcome: 'unfinished', netCode: 999, protoCode: 0, instance: -1 }),
    ]);
    const { response, service, ...counts } = window.total;
    assert.deepEqual(counts, {
      count: 6,
      ended: 3,
      ok: 1,
      bad: 1,
      failed: 1,
      discarded: 1,
      discardedLate: 0,
      unfinished: 2,
      underWay: 1,
      oldestUnfinishedMs: 400,
      bytesOut: 10,
      bytesIn: 150,
      firstStartedAt: 990,
      lastStartedAt: 1000,
      lastEndedAt: 1020,
      statuses: [
        { status: 200, count: 1, bad: 0 },
        { status: 503, count: 1, bad: 1 },
      ],
      otherStatuses: 0,
      failures: [{ netCode: 111, name: 'connection refused', count: 1 }],
      otherFailures: 0,
    });
    assert.deepEqual([response.count, response.minUs, response.maxUs], [5, 5000, 400_000]);
    assert.deepEqual([service.count, service.minUs, service.maxUs], [4, 5000, 300_000]);
    const byTag = [...window.tags].map(([tag, { count, ended }]) => [tag, count, ended]);
    assert.deepEqual(byTag, [
      ['a', 2, 2],
      ['b', 3, 1],
      ['discarded', 1, 0],
    ]);
  });

  it('separates slot wait and lateness: waiting for an instance is not lateness', () => {
    const late = timed(50, { intended: 900, started: 1000, slotWait: 70 });
    const { slotWait, lateness } = windowOf([late, timed(1)]);
    assert.deepEqual([slotWait.sumUs, slotWait.count], [70_000, 2]);
    assert.deepEqual([lateness.sumUs, lateness.count], [30_000, 2]);
  });

  it('counts discarded operations by their cause: the generator was late, or instances were too few', () => {
    const discarded = {
      outcome: 'discarded',
      instance: -1,
      intended: 0,
      started: 100,
      protoCode: 0,
      netCode: 777,
    } as const;
    const { total, slotWait, lateness } = windowOf([
      timed(0, { ...discarded, slotWait: 90 }),
      timed(0, { ...discarded, slotWait: 50 }),
      timed(0, { ...discarded, slotWait: 49 }),
      timed(0, { ...discarded, slotWait: 0 }),
    ]);
    assert.deepEqual([total.discarded, total.discardedLate], [4, 2]);
    assert.deepEqual([slotWait.sumUs, lateness.sumUs, lateness.count], [189_000, 211_000, 4]);
  });

  it('counts groups and scenarios apart from the total, by their tag', () => {
    const window = windowOf([
      timed(10, { tag: 'request' }),
      timed(20, { tag: 'shop/cart', scope: 'group', slotWait: 5 }),
      timed(30, { tag: 'shop', scope: 'scenario', slotWait: 7 }),
    ]);
    assert.deepEqual([window.total.ended, window.tags.size, window.groups.size, window.scenarios.size], [1, 1, 1, 1]);
    const longest = ['request', 'shop/cart', 'shop', 'basket'].map((tag) => countsOf(window, tag)?.response.maxUs);
    assert.deepEqual(longest, [10_000, 20_000, 30_000, undefined]);
    // The wait of a scenario counts, as the plan counts scenarios; that of a group is the wait of its first request.
    assert.equal(window.slotWait.sumUs, 7000);
  });

  it('counts further tags than the limit under (other tags), and reports the first of them once', () => {
    const reported: string[] = [];
    const into = recorder(1, (tag) => reported.push(tag));
    for (const tag of ['a', 'b', 'c', 'b', 'a', OTHER_TAGS]) into.record(timed(1, { tag }));
    const { tags, beyondTagLimit, total, tagLimit } = into.close(1000);
    assert.deepEqual(
      [...tags].map(([tag, { ended }]) => [tag, ended]),
      [
        ['a', 2],
        [OTHER_TAGS, 4],
      ],
    );
    assert.deepEqual([beyondTagLimit, total.ended, tagLimit, reported], [3, 6, 1, ['b']]);
    // The first tags of the whole run keep their rows, also after a window without them.
    into.close(2000);
    into.record(timed(1, { tag: 'c' }));
    into.record(timed(1, { tag: 'a' }));
    const later = into.close(3000);
    assert.deepEqual([[...later.tags.keys()], later.beyondTagLimit, reported], [['a', OTHER_TAGS], 1, ['b']]);
  });

  it('treats the empty tag like any other', () => {
    const { tags, beyondTagLimit } = windowOf([timed(1), timed(1)], 1);
    assert.deepEqual([[...tags.keys()], beyondTagLimit], [[''], 0]);
  });

  it('counts everything under (other tags) with a limit of 0, and reports no tag', () => {
    const into = recorder(0, (tag) => assert.fail(tag));
    for (const tag of ['a', 'b']) into.record(timed(1, { tag }));
    const { tags, total } = into.close(1000);
    assert.deepEqual([[...tags.keys()], total.ended], [[OTHER_TAGS], 2]);
  });

  it('counts statuses and failures beyond 100 together', () => {
    const statuses = Array.from({ length: 103 }, (_, i) => timed(1, { protoCode: 200 + i }));
    const failures = Array.from({ length: 105 }, (_, i) => timed(1, { netCode: 999, errorName: `id ${i}` }));
    const { total } = windowOf([...statuses, ...failures.map((failure) => ({ ...failure, protoCode: 0 }))]);
    assert.deepEqual([total.statuses.length, total.otherStatuses], [100, 3]);
    assert.deepEqual([total.failures.length, total.otherFailures], [100, 5]);
  });

  it('begins each window at the end of the previous one, empty', () => {
    const into = recorder();
    into.record(timed(1, { tag: 'a', protoCode: 404 }));
    assert.equal(into.used, true);
    into.close(1000);
    assert.deepEqual([into.from, into.used], [1000, false]);
    into.record(timed(2, { tag: 'b' }));
    assert.deepEqual(into.close(1000, { planned: 1, started: 2 }), {
      ...windowOf([timed(2, { tag: 'b' })]),
      from: 1000,
    });
  });
});

describe('mergeWindows', () => {
  it('merges the windows of any partition into the window of the whole', () => {
    const placed = fc.array(fc.tuple(sample, fc.nat(3)), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(placed, (list) => {
        const parts = [0, 1, 2, 3].map((part) => list.filter(([, p]) => p === part).map(([s]) => s));
        const whole = windowOf(list.map(([s]) => s));
        assert.deepEqual(parts.map((part) => windowOf(part)).reduce(mergeWindows), whole);
      }),
    );
  });

  it('merges the windows of one recorder over time into the window of the whole', () => {
    fc.assert(
      fc.property(fc.array(samples, { minLength: 1, maxLength: 5 }), (turns) => {
        const into = recorder();
        const windows = turns.map((turn, i) => {
          for (const one of turn) into.record(one);
          return into.close(200 * (i + 1), { planned: turn.length, started: 2 * turn.length });
        });
        assert.deepEqual(sameSpan(windows.reduce(mergeWindows)), windowOf(turns.flat()));
      }),
    );
  });

  it('is associative and commutative, also beyond the limit of tags', () => {
    fc.assert(
      fc.property(samples, samples, samples, (x, y, z) => {
        const [a, b, c] = [windowOf(x, 2), windowOf(y, 1), windowOf(z, 2)];
        const one = mergeWindows(mergeWindows(a, b), c);
        assert.deepEqual(mergeWindows(a, mergeWindows(b, c)), one);
        assert.deepEqual(mergeWindows(c, mergeWindows(b, a)), one);
      }),
    );
  });

  it('keeps the total exact when tags are beyond the limit', () => {
    fc.assert(
      fc.property(samples, samples, (x, y) => {
        const merged = mergeWindows(windowOf(x, 1), windowOf(y, 2));
        assert.deepEqual(merged.total, windowOf([...x, ...y]).total);
        const rows = [...merged.tags.values()].reduce((sum, { count }) => sum + count, 0);
        assert.equal(rows, merged.total.count);
      }),
    );
  });

  it('spans from the earlier start to the later end, and has only values that both have', () => {
    const a: Window = { ...windowOf([timed(1)]), from: 500, to: 700, partial: true };
    const b: Window = { ...windowOf([timed(2)]), from: 600, to: 900, planned: null, started: 5 };
    for (const { from, to, partial, planned, started } of [mergeWindows(a, b), mergeWindows(b, a)])
      assert.deepEqual([from, to, partial, planned, started], [500, 900, true, null, 7]);
  });

  it('adds up the counters by name', () => {
    const a: Window = { ...windowOf([]), counters: new Map(Object.entries({ retries: 2, 'late bytes': 1 })) };
    const b: Window = { ...windowOf([]), counters: new Map([['retries', 3]]) };
    const sums = { retries: 5, 'late bytes': 1 };
    for (const merged of [mergeWindows(a, b), mergeWindows(b, a), mergeWindows(mergeWindows(a, windowOf([])), b)])
      assert.deepEqual(Object.fromEntries(merged.counters), sums);
    assert.deepEqual(windowFromJson(JSON.parse(JSON.stringify(windowToJson(a)))), a);
  });

  it('does not change the two', () => {
    const [a, b] = [windowOf([timed(1, { tag: 'a' })]), windowOf([timed(2, { tag: 'a' })])];
    const before = structuredClone([a, b]);
    mergeWindows(a, b);
    assert.deepEqual([a, b], before);
  });
});

describe('windowToJson', () => {
  it('survives JSON and structuredClone', () => {
    fc.assert(
      fc.property(samples, (list) => {
        const window = windowOf(list);
        assert.deepEqual(windowFromJson(JSON.parse(JSON.stringify(windowToJson(window)))), window);
        assert.deepEqual(structuredClone(window), window);
      }),
      { numRuns: 30 },
    );
  });
});
