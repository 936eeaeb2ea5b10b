import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defined } from '../../../lib/core/defined.js';
import type { Distribution } from '../../../lib/measure/histogram.js';
import type { SummarySnapshot, TagSummary } from '../../../lib/measure/summary.js';
import { emptyWindow } from '../../../lib/measure/window.js';
import { EMPTY_COUNTS } from '../../../lib/measure/windowCounts.js';
import {
  fitText,
  formatBytes,
  formatClock,
  formatCount,
  formatLength,
  formatMs,
  formatPercent,
  formatRate,
} from '../../../lib/report/format.js';
import { type ProgressState, progressLine } from '../../../lib/report/progressLine.js';
import { summaryJson } from '../../../lib/report/summaryJson.js';
import { summaryText } from '../../../lib/report/summaryText.js';

/** A distribution whose figures are `scale` times 1, 2, 3 ... */
const times = (scale: number, count = 1000): Distribution => ({
  count,
  min: scale,
  p50: 2 * scale,
  p75: 3 * scale,
  p90: 4 * scale,
  p95: 5 * scale,
  p99: 6 * scale,
  p999: 7 * scale,
  max: 8 * scale,
  mean: 2.5 * scale,
  stddev: 1.5 * scale,
  clamped: 0,
  bucketsUs: [1000 * scale, count],
});
const none: Distribution = { ...times(0, 0), bucketsUs: [] };

const T0 = 1_700_000_000_000;
const { response: _response, service: _service, ...zero } = EMPTY_COUNTS;
const tag = (name: string, fields: Partial<TagSummary> = {}): TagSummary => ({
  ...zero,
  tag: name,
  count: 1000,
  ended: 1000,
  failed: 0,
  bad: 0,
  discarded: 0,
  unfinished: 0,
  oldestUnfinishedMs: 0,
  bytesOut: 100_000,
  bytesIn: 5_000_000,
  firstStartedAt: T0,
  lastStartedAt: T0 + 59_900,
  lastEndedAt: T0 + 60_000,
  started: 1000,
  startedPerSecond: 16.678,
  endedPerSecond: 16.667,
  responseTimeMs: times(10),
  serviceTimeMs: times(1.234),
  statuses: [{ status: 200, count: 1000, bad: 0 }],
  failures: [],
  ...fields,
});

const pool = (fields: Partial<SummarySnapshot> = {}): SummarySnapshot => {
  const total = fields.total ?? tag('');
  const latenessMs = fields.latenessMs ?? times(0.1);
  return {
    kind: 'summary',
    pool: 'main',
    planned: { count: 1000, durationMs: 60_000 },
    total,
    tags: [total],
    beyondTagLimit: 0,
    slotWaitMs: times(0),
    latenessMs,
    loop: { delayMs: none, utilization: null },
    window: emptyWindow(T0),
    ...fields,
  };
};

const drawn = (picture: string): string => picture.slice(1);

describe('summaryText', () => {
  it('draws a run without failures', () => {
    assert.equal(
      summaryText([pool()]),
      drawn(`
VALID: 1,000 operations ended, 0 bad (0.00 %)

Pool main
  shots  1,000 of 1,000 planned, 0 bad (0.00 %), in 60.0 s
  rate   planned 16.7/s, started 16.7/s, ended 16.7/s
  bytes  97.66 KiB sent, 4.77 MiB received

  ms      response  service  slot wait  lateness
  p50        20.00    2.468      0.000     0.200
  p75        30.00    3.702      0.000     0.300
  p90        40.00    4.936      0.000     0.400
  p95        50.00    6.170      0.000     0.500
  p99        60.00    7.404      0.000     0.600
  p99.9      70.00    8.638      0.000     0.700
  max        80.00    9.872      0.000     0.800
  mean       25.00    3.085      0.000     0.250
  stddev     15.00    1.851      0.000     0.150
  min        10.00    1.234      0.000     0.100

  status 200  1,000  100.00 %

  generator: lateness p99 0.600 ms
`),
    );
  });

  it('draws a run with tags, failures, unfinished work and a late generator', () => {
    const total = tag('', {
      ended: 28_990,
      failed: 40,
      bad: 1,
      discarded: 12,
      unfinished: 3,
      oldestUnfinishedMs: 12_345.6,
      statuses: [
        { status: 200, count: 28_949, bad: 0 },
        { status: 503, count: 1, bad: 1 },
      ],
      failures: [
        { netCode: 111, name: 'connection refused', count: 39 },
        { netCode: 999, name: '', count: 1 },
      ],
    });
    const tags = [
      tag('/a/rather/long/path/that/does/not/fit|case', { ended: 28_000, failed: 40, responseTimeMs: times(150) }),
      tag('', { ended: 990, bad: 1 }),
      tag('discarded', { ended: 0, discarded: 12, responseTimeMs: none, serviceTimeMs: none }),
    ];
    const text = summaryText([pool({ total, tags, latenessMs: times(5), beyondTagLimit: 7, planned: null })], {
      maxTags: 2,
    });
    const [first, overview, , outcomes, table, generator] = text.split('\n\n');
    assert.equal(
      `${overview}\n`,
      drawn(`
Pool main
  shots       28,990, 41 bad (0.14 %), in 60.0 s
  discarded   12 were overdue and not shot
  unfinished  3 at the end of the run, the oldest 12,346 ms old
  rate        planned -, started 16.7/s, ended 16.7/s
  bytes       97.66 KiB sent, 4.77 MiB received
  tags        7 samples had tags beyond the limit
`),
    );
    assert.equal(
      `${outcomes}\n`,
      drawn(`
  status 200                  28,949  99.86 %
  status 503                       1  <0.01 %
  net 111 connection refused      39   0.13 %
  net 999                          1  <0.01 %
`),
    );
    assert.equal(
      `${table}\n`,
      drawn(`
                                               response, ms          service, ms
  tag                       shots  bad    p50    p99    max    p50    p99    max
  /a/rather/long/path/th…  28,000   40  300.0  900.0  1,200  2.468  7.404  9.872
  (no tag)                    990    1  20.00  60.00  80.00  2.468  7.404  9.872
  and 1 more
`),
    );
    assert.equal(
      first,
      'INVALID: the generator, not the target, was late (p99 30.0 ms, limit 10.0 ms):\ndo not trust these times',
    );
    assert.equal(generator, '  generator: lateness p99 30.00 ms\n');
  });

  it('shows the counters by name', () => {
    const counters = new Map(Object.entries({ retries: 1348, 'late bytes': 2 }));
    const snapshot = pool({ window: { ...emptyWindow(T0), counters } });
    const [, , , , , , late, retries] = summaryText([snapshot]).split('\n');
    assert.deepEqual([late, retries], ['  late bytes  2', '  retries     1,348']);
    assert.deepEqual(summaryJson([snapshot]).pools[0]?.counters, { retries: 1348, 'late bytes': 2 });
    assert.equal(summaryJson([pool()]).pools[0]?.counters, undefined);
  });

  it('shows the bad items of ammo by kind, with the first places, which are never cut', () => {
    const long = 'ammo.uri:2: "/%" is not a URI, which is said here in more words than fit the width of a terminal';
    const badAmmo = [
      { kind: 'bad-uri', count: 5000, first: [long, 'ammo.uri:4', 'ammo.uri:6'] },
      { kind: 'bad-size', count: 1, first: ['ammo.raw:9'] },
    ];
    const [, , lines] = summaryText([pool({ badAmmo })]).split('\n\n');
    assert.equal(
      `${lines}\n`,
      drawn(`
  bad ammo, bad-uri: 5,000 items
    ammo.uri:2: "/%" is not a URI, which is said here in more words than fit the
    width of a terminal
    ammo.uri:4
    ammo.uri:6
    and 4,997 more
  bad ammo, bad-size: 1 item
    ammo.raw:9
`),
    );
  });

  it('draws a run in which nothing was shot, and several pools one after another', () => {
    const total = tag('', {
      count: 0,
      ended: 0,
      started: 0,
      startedPerSecond: null,
      endedPerSecond: null,
      firstStartedAt: null,
      lastEndedAt: null,
      bytesIn: 0,
      bytesOut: 0,
      responseTimeMs: none,
      serviceTimeMs: none,
      statuses: [],
    });
    const text = summaryText([
      pool({
        pool: 'empty',
        total,
        tags: [],
        slotWaitMs: none,
        latenessMs: none,
        planned: { count: null, durationMs: 1000 },
      }),
      pool({ pool: 'second' }),
    ]);
    assert.match(
      text,
      /\nPool empty\n {2}shots {2}0, 0 bad \(-\), in -\n {2}rate {3}planned unlimited, started -, ended -\n/,
    );
    assert.match(text, /\n {2}p50 +- +- +- +-\n/);
    assert.match(text, /^INVALID: pool "empty": nothing was shot, so the run proves nothing\n/);
    assert.match(text, /\n\nPool second\n/);
  });

  for (const width of [60, 80, 100]) {
    it(`fits ${width} columns with the longest figures`, () => {
      const total = tag('', {
        ended: 123_456_789,
        failed: 1_234_567,
        responseTimeMs: times(450_000),
        failures: [{ netCode: 999, name: 'x'.repeat(200), count: 1 }],
      });
      const text = summaryText([pool({ total, tags: [{ ...total, tag: 'y'.repeat(99) }, tag('b')] })], { width });
      const wide = text.split('\n').filter((line) => line.length > width);
      assert.deepEqual(wide, []);
    });
  }

  it('omits times that do not fit a narrow terminal', () => {
    const long = tag('b', { ended: 123_456_789, responseTimeMs: times(450_000) });
    const table = summaryText([pool({ tags: [tag('a'), long] })], { width: 60 })
      .split('\n\n')
      .at(-2);
    assert.equal(
      `${table}\n`,
      drawn(`
                             resp.  serv.
  tag        shots  bad        p99    p99
  a          1,000    0      60.00  7.404
  b    123,456,789    0  2,700,000  7.404
`),
    );
  });

  it('adds colour only with the option', () => {
    const late = pool({ latenessMs: times(5), total: tag('', { statuses: [{ status: 500, count: 9, bad: 9 }] }) });
    const colourful = summaryText([late], { colour: true });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colour consists of such characters
    const escapes = /\u001b\[\d+m/g;
    assert.ok((colourful.match(escapes)?.length ?? 0) >= 8);
    assert.equal(colourful.replaceAll(escapes, ''), summaryText([late]));
  });
});

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

describe('progressLine', () => {
  const state: ProgressState = {
    pool: 'main',
    elapsedMs: 12_900,
    totalMs: 60_000,
    plannedPerSecond: 500,
    achievedPerSecond: 498.4,
    inFlight: 12,
    bad: 0,
    p50Ms: 12.1,
    p99Ms: 140.25,
  };
  const rows: readonly (readonly [sentence: string, change: Partial<ProgressState>, line: string, width?: number])[] = [
    ['tells everything', {}, 'main  00:12 of 01:00  498/s of 500/s  p50 12.10 p99 140.3 ms  in flight 12  bad 0'],
    [
      'omits unknown values',
      { pool: '', totalMs: null, plannedPerSecond: null, achievedPerSecond: null, p50Ms: null, bad: 1234 },
      '00:12  -  p50 - p99 - ms  in flight 12  bad 1,234',
    ],
    [
      'shows an unlimited schedule',
      { plannedPerSecond: Number.POSITIVE_INFINITY },
      'main  00:12 of 01:00  498/s of unlimited',
      50,
    ],
    ['drops the last things on a narrow terminal', {}, 'main  00:12 of 01:00  498/s of 500/s', 40],
  ];
  for (const [sentence, change, line, width] of rows) {
    it(sentence, () => assert.equal(progressLine({ ...state, ...change }, defined({ width })), line));
  }
});

describe('formats', () => {
  const rows: readonly (readonly [shown: string, wanted: string])[] = [
    [formatMs(0), '0.000'],
    [formatMs(9.9994), '9.999'],
    [formatMs(9.9996), '10.00'],
    [formatMs(99.996), '100.0'],
    [formatMs(999.94), '999.9'],
    [formatMs(999.96), '1,000'],
    [formatMs(3_600_000), '3,600,000'],
    [formatCount(0), '0'],
    [formatCount(999), '999'],
    [formatCount(1_234_567), '1,234,567'],
    [formatBytes(1023), '1023 B'],
    [formatBytes(1024), '1.00 KiB'],
    [formatBytes(1024 ** 2 - 1), '1.00 MiB'],
    [formatBytes(5 * 1024 ** 6), '5120.00 PiB'],
    [formatRate(null), '-'],
    [formatRate(0.5), '0.50/s'],
    [formatRate(9.999), '10.0/s'],
    [formatRate(99.96), '100/s'],
    [formatRate(65_432.1), '65,432/s'],
    [formatClock(59_999), '00:59'],
    [formatClock(3_661_000), '1:01:01'],
    [formatLength(1234), '1.2 s'],
    [formatLength(120_000), '02:00'],
    [formatPercent(0, 5), '0.00 %'],
    [formatPercent(1, 30_000), '<0.01 %'],
    [formatPercent(1, 3), '33.33 %'],
    [formatPercent(1, 0), '-'],
    [fitText('abcd', 4), 'abcd'],
    [fitText('abcde', 4), 'abc…'],
    [fitText('a\u001b[31mb', 9), 'a?[31mb'],
  ];
  for (const [shown, wanted] of rows) it(`shows ${JSON.stringify(wanted)}`, () => assert.equal(shown, wanted));
});
