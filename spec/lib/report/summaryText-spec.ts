import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { emptyWindow } from '../../../lib/measure/window.js';
import { summaryJson } from '../../../lib/report/summaryJson.js';
import { summaryText } from '../../../lib/report/summaryText.js';
import { none, pool, T0, tag, times } from './someSummary.js';

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

  it('says how many times were above an hour', () => {
    const total = tag('', { responseTimeMs: { ...times(10), clamped: 1234 } });
    assert.match(summaryText([pool({ total })]), /\n {2}times +1,234 were over an hour and count as one hour\n/);
    assert.doesNotMatch(summaryText([pool()]), /over an hour/);
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
