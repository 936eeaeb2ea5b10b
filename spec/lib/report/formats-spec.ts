import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defined } from '../../../lib/core/defined.js';
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
