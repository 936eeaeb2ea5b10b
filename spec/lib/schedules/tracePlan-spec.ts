import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { isElpisError } from '../../../lib/core/errors.js';
import type { Plan } from '../../../lib/core/plan.js';
import type { TraceOptions } from '../../../lib/schedules/trace/readTimes.js';
import { tracePlan } from '../../../lib/schedules/trace.js';
import { FakeLog } from '../../../lib/testing/fakeDeps.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';
import { ticks } from '../../../operators/ticks/ticks.js';

const folder = mkdtempSync(join(tmpdir(), 'elpis-trace-'));
after(() => rmSync(folder, { recursive: true }));
let files = 0;
function fileOf(content: string | Uint8Array): string {
  const file = join(folder, `${++files}.log`);
  writeFileSync(file, content);
  return file;
}
const ms = (plan: Plan): number[] => Array.from({ length: plan.count }, (_, i) => plan.atNs(i) / 1e6);
const of = (content: string | Uint8Array, options: Omit<TraceOptions, 'file'>): Plan =>
  tracePlan({ file: fileOf(content), ...options });

const access = (time: string): string => `10.0.0.1 - - [${time}] "GET /a[1] HTTP/1.1" 200 5 "-" "curl/8"`;
const phout = (start: string): string => `${start}\ttag#1\t9\t1\t1\t7\t0\t9\t0\t0\t0\t200`;
const lines = (...list: string[]): string => `${list.join('\n')}\n`;

describe('tracePlan', () => {
  const rows: readonly [sentence: string, plan: () => Plan, ms: readonly number[], finishMs?: number][] = [
    [
      'access log: a second apart, over midnight',
      () => of(lines(access('31/Dec/2023:23:59:59 +0000'), access('01/Jan/2024:00:00:00 +0000')), { format: 'access' }),
      [0, 1000],
      2000,
    ],
    [
      'access log: those of one second are spread over it',
      () =>
        of(lines(...['00', '00', '01', '01', '01', '01'].map((s) => access(`10/Oct/2000:13:55:${s} -0700`))), {
          format: 'access',
        }),
      [0, 500, 1000, 1250, 1500, 1750],
      2100,
    ],
    [
      'access log: together, when the clock is configured as exact',
      () =>
        of(lines(...['00', '00', '01'].map((s) => access(`10/Oct/2000:13:55:${s} -0700`))), {
          format: 'access',
          resolutionMs: 0,
        }),
      [0, 0, 1000],
      1500,
    ],
    [
      'access log: zones are one time',
      () =>
        of(
          lines(
            access('10/Oct/2000:13:55:36 -0700'),
            access('10/Oct/2000:20:55:38 +0000'),
            access('11/Oct/2000:02:25:39 +0530'),
          ),
          { format: 'access' },
        ),
      [0, 2000, 3000],
    ],
    [
      'access log: fractions of a second',
      () =>
        of(lines(access('10/Oct/2000:13:55:36.25 -0700'), access('10/Oct/2000:13:55:36.500 -0700')), {
          format: 'access',
        }),
      [0, 250],
    ],
    [
      'phout: starts, to the microsecond, in whatever order the shots ended',
      () => of(lines(phout('1700000000.123'), phout('1700000001.5'), phout('1700000000.623457')), { format: 'phout' }),
      [0, 500.457, 1377],
      2065.5,
    ],
    ['phout: at once stays at once', () => of(lines(phout('5.5'), phout('5.5')), { format: 'phout' }), [0, 0], 0],
    ['CSV: seconds', () => of('1700000000.25\n1700000000.5\n', { format: 'csv' }), [0, 250], 500],
    [
      'CSV: milliseconds, detected by their size',
      () => of('1700000000250\n1700000000500\n', { format: 'csv' }),
      [0, 250],
    ],
    ['CSV: microseconds', () => of('1700000000250000\n1700000000500000\n', { format: 'csv' }), [0, 250]],
    ['CSV: nanoseconds', () => of('1700000000250000000\n1700000000500000000\n', { format: 'csv' }), [0, 250]],
    ['CSV: offsets, which are small numbers, are seconds', () => of('0\n.5\n1e0\n', { format: 'csv' }), [0, 500, 1000]],
    ['CSV: offsets of a unit', () => of('0\n20\n50\n', { format: 'csv', unit: 'ms' }), [0, 20, 50]],
    ['CSV: negative offsets', () => of('-10\n-5\n', { format: 'csv' }), [0, 5000]],
    [
      'CSV: ISO times, UTC without a zone',
      () =>
        of(
          lines(
            '2024-05-01T12:00:00Z',
            '2024-05-01 12:00:01.5',
            '2024-05-01T14:00:02+0200',
            '2024-05-01T12:00:03.000250Z',
            '2024-05-01T12:01',
          ),
          { format: 'csv' },
        ),
      [0, 1500, 2000, 3000.25, 60_000],
    ],
    ['CSV: a column by number, under names', () => of('id,at\n1,5\n2,6\n', { format: 'csv', column: 2 }), [0, 1000]],
    ['CSV: a column by name', () => of('id;"at, s"\n1;5\n2;6\n', { format: 'csv', column: 'at, s' }), [0, 1000]],
    [
      'CSV: quoted cells, line breaks in others, a byte order mark, blank lines',
      () => of('\ufeff"1","a\nb"\r\n\r\n"2.5","c"', { format: 'csv' }),
      [0, 1500],
    ],
    ['CSV: tabs', () => of('a\t1\nb\t2\n', { format: 'csv', column: 2 }), [0, 1000]],
    [
      'CSV: whole seconds spread by a resolution',
      () => of('1\n1\n2\n', { format: 'csv', resolutionMs: 1000 }),
      [0, 500, 1000],
    ],
    [
      'a resolution beyond the next time is cut to it',
      () => of('0\n0\n1\n', { format: 'csv', resolutionMs: 60_000 }),
      [0, 500, 1000],
    ],
    [
      'no newline at the end, Windows newlines, blank lines',
      () => of('1.5\t\r\n\r\n2.5\t', { format: 'phout' }),
      [0, 1000],
    ],
    ['gzipped', () => of(gzipSync('1\n3\n'), { format: 'csv' }), [0, 2000], 4000],
    ['gzipped phout', () => of(gzipSync(lines(phout('1'), phout('3'))), { format: 'phout' }), [0, 2000]],
    ['one timestamp', () => of('17\n', { format: 'csv' }), [0], 0],
    ['twice as fast', () => of('0\n1\n4\n', { format: 'csv', speed: 2 }), [0, 500, 2000], 3000],
    ['three times as slow', () => of('0\n1\n', { format: 'csv', speed: 1 / 3 }), [0, 3000], 6000],
    [
      'further passes continue at the mean rate',
      () => of('10\n11\n14\n', { format: 'csv', passes: 2 }),
      [0, 1000, 4000, 6000, 7000, 10_000],
      12_000,
    ],
  ];
  for (const [sentence, make, expected, finishMs] of rows) {
    it(sentence, () => {
      const plan = make();
      assert.deepEqual(ms(plan), expected);
      if (finishMs !== undefined) assert.equal(plan.durationNs / 1e6, finishMs);
    });
  }

  it('reads a file that is larger than a chunk', () => {
    const count = 50_000;
    const plan = of(lines(...Array.from({ length: count }, (_, i) => phout(String(1700000000 + i / 1000)))), {
      format: 'phout',
    });
    assert.equal(plan.count, count);
    assert.equal(plan.atNs(count - 1), (count - 1) * 1e6);
    assert.equal(plan.countAt(25_000 * 1e6), 25_000);
    assert.equal(Math.round(plan.rateAt(25e9)), 1000);
  });

  it('is read once, at the first use', () => {
    const file = join(folder, 'later.csv');
    const plan = tracePlan({ file, format: 'csv' });
    writeFileSync(file, '1\n2\n');
    assert.equal(plan.count, 2);
    rmSync(file);
    assert.equal(plan.atNs(1), 1e9);
  });

  it('played: a file that cannot be read is an error of the stream', () => {
    const scheduler = new VirtualClock();
    const errors: unknown[] = [];
    const played = ticks(tracePlan({ file: join(folder, 'none'), format: 'csv' }), { scheduler });
    played.subscribe({ error: (error: unknown) => errors.push(error) });
    scheduler.run();
    assert.equal(errors.length, 1);
    assert.ok(isElpisError(errors[0], 'ELPIS_SOURCE'));
  });

  it('logs how much was out of order: as information for the usual disorder of logs, as a warning for a jump back', () => {
    const log = new FakeLog();
    assert.equal(of('1\n3\n2\n4\n', { format: 'csv', log }).count, 4);
    assert.equal(of('1\n3\n100\n2\n', { format: 'csv', log }).count, 4);
    assert.equal(of('1\n2\n', { format: 'csv', log }).count, 2);
    assert.deepEqual(
      log.lines.map(({ level, message }) => [level, message.replace(/^.*\.log/, 'x')]),
      [
        ['info', 'x: 1 of 4 timestamps were out of order, by up to 1 s, and were sorted'],
        ['warn', 'x: 1 of 4 timestamps were out of order, by up to 98 s, and were sorted'],
      ],
    );
  });

  const refusals: readonly [sentence: string, plan: () => Plan, message: RegExp][] = [
    [
      'a line of an access log without a time',
      () => of(lines(access('10/Oct/2000:13:55:36 -0700'), '', 'nonsense'), { format: 'access' }),
      /\.log:3: "nonsense" is not a time; expected a line of an access log, with a time such as \[10/,
    ],
    ['a day that does not exist', () => of(access('31/Feb/2000:13:55:36 -0700'), { format: 'access' }), /\.log:1: /],
    ['a month that does not exist', () => of(access('01/Fex/2000:13:55:36 -0700'), { format: 'access' }), /\.log:1: /],
    ['a month between two', () => of(access('01/Anf/2000:13:55:36 -0700'), { format: 'access' }), /\.log:1: /],
    ['an hour that does not exist', () => of(access('01/Feb/2000:24:55:36 -0700'), { format: 'access' }), /\.log:1: /],
    [
      'a line of phout without a time; a long line is cut',
      () => of(lines(phout('1'), 'x'.repeat(500)), { format: 'phout' }),
      /\.log:2: "x{60}"\.\.\. \(500 characters\) is not a time; expected a line of phout, with seconds/,
    ],
    [
      'a cell that is no time',
      () => of('at\n1\nsoon\n', { format: 'csv' }),
      /\.log:3: "soon" is not a time; expected a number such as .* or an ISO 8601 time/,
    ],
    ['a row that is too short', () => of('a,1\nb\n', { format: 'csv', column: 2 }), /\.log:2: "" is not a time/],
    ['an ISO time that does not exist', () => of('1\n2024-13-01T12:00:00Z\n', { format: 'csv' }), /\.log:2: "2024-13/],
    [
      'a column that is not there',
      () => of('id,at\n1,2\n', { format: 'csv', column: 'time' }),
      /\.log:1: there is no column "time"; expected one of id, at$/,
    ],
    ['broken CSV', () => of('1\n"2\n3\n', { format: 'csv' }), /\.log:\d: is not CSV: /],
    [
      'a file without timestamps',
      () => of('\n', { format: 'access' }),
      /\.log: contains no timestamps; expected at least one$/,
    ],
    ['only names of columns', () => of('at\n', { format: 'csv' }), /contains no timestamps/],
    [
      'a line without end',
      () => of('x'.repeat(3_000_000), { format: 'access' }),
      /\.log:1: a line is longer than 1 MiB/,
    ],
    ['a broken archive', () => of(gzipSync('1\n2\n').subarray(0, 15), { format: 'csv' }), /\.log: cannot be read: /],
    [
      'a file that is not there',
      () => tracePlan({ file: join(folder, 'none'), format: 'csv' }),
      /none: cannot be read: ENOENT/,
    ],
    ['a folder', () => tracePlan({ file: folder, format: 'access' }), /cannot be read: EISDIR/],
  ];
  for (const [sentence, make, message] of refusals) {
    it(`refuses ${sentence}`, () =>
      assert.throws(
        () => make().count,
        (error) =>
          isElpisError(error, 'ELPIS_SOURCE') && message.test(error.message) ? true : assert.fail(String(error)),
      ));
  }

  it('refuses options out of range at once, before a file is looked for', () => {
    const refused = (options: Partial<TraceOptions>, message: RegExp): void =>
      assert.throws(
        () => tracePlan({ file: 'none', format: 'csv', ...options }),
        (error) => isElpisError(error, 'ELPIS_CONFIG') && message.test(error.message),
      );
    refused({ speed: 0 }, /^trace speed: 0 is not usable; expected a number above 0$/);
    refused({ passes: 0 }, /^trace passes: 0 .* a whole number from 1$/);
    refused({ passes: 1.5 }, /^trace passes: 1.5/);
    refused({ column: 0 }, /^trace column: 0/);
    refused({ resolutionMs: -1 }, /^trace resolution: -1/);
  });
});
