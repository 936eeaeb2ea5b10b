import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { from } from 'rxjs';
import type { TimedSample } from '../../../lib/core/sample.js';
import type { LatencyHistogram } from '../../../lib/measure/latencyHistogram.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';
import { errorRate } from '../../../operators/samples/errorRate.js';
import { mergeWindows } from '../../../operators/samples/mergeWindows.js';
import { percentile } from '../../../operators/samples/percentile.js';
import { rollUp } from '../../../operators/samples/rollUp.js';
import type { Window, WindowCounts } from '../../../operators/samples/window.js';
import { timed } from '../timed.js';

/** The one window of samples that all come at a moment. */
function windowOf(samples: readonly TimedSample[], tagLimit = 100, at = 500): Window {
  const clock = new VirtualClock(at);
  const windows: Window[] = [];
  from(samples)
    .pipe(rollUp({ scheduler: clock, tagLimit }))
    .subscribe((window) => windows.push(window));
  const [window] = windows;
  if (window === undefined) assert.fail('no window');
  return window;
}

const buckets = (histogram: LatencyHistogram): unknown[] => {
  const { totalCount, maxValue, minNonZeroValue, clamped } = histogram;
  const counts: number[] = [];
  for (let i = 0; i < histogram.countsArrayLength; i++)
    if (histogram.getCountAtIndex(i) > 0) counts.push(i, histogram.getCountAtIndex(i));
  return [totalCount, maxValue, minNonZeroValue, clamped, counts];
};

/** Everything that was counted, as plain data. */
function plain({ total, tags, spans, beyondTagLimit, startsAt, endsAt, partial }: Window): object {
  const counts = ({ response, service, ...numbers }: WindowCounts): object => ({
    ...numbers,
    response: buckets(response),
    service: buckets(service),
  });
  const byTag = (map: Window['tags']): object =>
    Object.fromEntries([...map].map(([tag, value]) => [tag, counts(value)]));
  return { startsAt, endsAt, partial, beyondTagLimit, total: counts(total), tags: byTag(tags), spans: byTag(spans) };
}

const sample = fc
  .record({
    outcome: fc.constantFrom('shot', 'shot', 'shot', 'discarded', 'unfinished'),
    scope: fc.constantFrom('', '', 'group'),
    tag: fc.constantFrom('', 'a', 'b', 'c'),
    instance: fc.constantFrom(-1, 0, 1),
    netCode: fc.constantFrom(0, 0, 110),
    protoCode: fc.constantFrom(200, 404, 503),
    bytesIn: fc.nat(1000),
    ms: fc.oneof(fc.nat(100), fc.double({ min: 0, max: 8_000_000, noNaN: true })),
  })
  .map(({ ms, ...fields }) => timed(ms, fields as Partial<TimedSample>));

describe('mergeWindows', () => {
  it('makes of the windows of any partition the window of the whole', () => {
    const placed = fc.array(fc.tuple(sample, fc.nat(3)), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(placed, (list) => {
        const parts = [0, 1, 2, 3].map((part) => list.filter(([, p]) => p === part).map(([s]) => s));
        const windows = parts.filter((part) => part.length > 0).map((part) => windowOf(part));
        const whole = windowOf(list.map(([s]) => s));
        assert.deepEqual(plain(windows.reduce(mergeWindows)), plain(whole));
        assert.deepEqual(plain(windows.reverse().reduce(mergeWindows)), plain(whole));
      }),
    );
  });

  it('spans from the earlier start to the later end, in either order', () => {
    const [a, b] = [windowOf([timed(1)], 100, 500), windowOf([timed(2)], 100, 700)];
    for (const merged of [mergeWindows(a, b), mergeWindows(b, a)])
      assert.deepEqual([merged.startsAt, merged.endsAt, merged.partial, merged.total.shots], [500, 700, true, 2]);
  });

  it('does not change the two', () => {
    const [a, b] = [windowOf([timed(1, { tag: 'a' })]), windowOf([timed(2, { tag: 'a' })])];
    const before = [plain(a), plain(b)];
    mergeWindows(a, b);
    assert.deepEqual([plain(a), plain(b)], before);
  });

  it('keeps to the larger limit of tags; the total stays exact', () => {
    const tagged = (...tags: string[]): TimedSample[] => tags.map((tag) => timed(1, { tag }));
    const merged = mergeWindows(windowOf(tagged('a', 'b', 'x'), 2), windowOf(tagged('c', 'a', 'd'), 3));
    const shots = [...merged.tags].map(([tag, counts]) => [tag, counts.shots]);
    assert.deepEqual(shots, [
      ['a', 2],
      ['b', 1],
      ['(other tags)', 3],
    ]);
    assert.deepEqual([merged.beyondTagLimit, merged.total.shots, merged.tagLimit], [3, 6, 3]);
  });

  it('counts the samples of a window without tags under (other tags)', () => {
    const merged = mergeWindows(windowOf([timed(1, { tag: 'a' })]), windowOf([timed(2), timed(3)], 0));
    assert.deepEqual(
      [...merged.tags].map(([tag, { shots }]) => [tag, shots]),
      [
        ['a', 1],
        ['(other tags)', 2],
      ],
    );
    assert.deepEqual([merged.total.shots, merged.beyondTagLimit], [3, 2]);
  });

  it('has no tags when neither has', () => {
    const merged = mergeWindows(windowOf([timed(1)], 0), windowOf([timed(2)], 0));
    assert.deepEqual([merged.tags.size, merged.total.shots], [0, 2]);
  });
});

describe('percentile', () => {
  const window = windowOf([
    timed(10, { tag: 'a' }),
    timed(20, { tag: 'a' }),
    timed(30, { tag: 'b', intended: 0 }),
    timed(5, { tag: 'c', outcome: 'discarded' }),
    timed(70, { tag: 's', scope: 'scenario' }),
  ]);
  const TABLE: readonly [what: string, value: number, expected: number][] = [
    ['of the response time, with the wait', percentile(window, 100), 1030],
    ['of the service time', percentile(window, 100, 'service'), 30],
    ['the median', percentile(window, 50, 'service'), 20],
    ['the shortest', Math.floor(percentile(window, 0, 'service')), 10],
    ['of one tag', percentile(window, 99, 'response', 'a'), 20],
    ['of a scenario', percentile(window, 100, 'service', 's'), 70],
    ['0 for an unknown tag', percentile(window, 99, 'response', 'x'), 0],
    ['0 without times', percentile(window, 99, 'response', 'c'), 0],
  ];
  for (const [what, value, expected] of TABLE)
    it(what, () => assert.ok(Math.abs(value - expected) <= expected / 1000, `${value}`));
});

describe('errorRate', () => {
  const window = windowOf([
    timed(1, { tag: 'a' }),
    timed(1, { tag: 'a', netCode: 110 }),
    timed(1, { tag: 'b', protoCode: 500 }),
    timed(1, { tag: 'b', protoCode: 399 }),
    timed(1, { tag: 'c', outcome: 'unfinished', netCode: 999 }),
  ]);
  const TABLE: readonly [what: string, value: number, expected: number][] = [
    ['failures and bad statuses, of the shots that ended', errorRate(window), 0.5],
    ['of one tag', errorRate(window, 'a'), 0.5],
    ['0 when no shot ended', errorRate(window, 'c'), 0],
    ['0 for an unknown tag', errorRate(window, 'x'), 0],
  ];
  for (const [what, value, expected] of TABLE) it(what, () => assert.equal(value, expected));
});
