import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { targetFromText } from '../../../lib/rehearsal/models/targetFromText.js';
import { responsesOf, sortedTimes } from './responsesOf.js';

const folder = mkdtempSync(join(tmpdir(), 'target-text-'));
const row = (tag: string, us: number, net: number, status: number): string =>
  `1700000000.123\t${tag}\t${us}\t0\t0\t0\t0\t0\t0\t0\t${net}\t${status}\n`;

const READ: readonly [text: string, name: string][] = [
  ['constant(20ms)', 'constant(20ms)'],
  ['exponential( 0.5s )', 'exponential(500ms)'],
  ['lognormal(median=20ms, p99=80ms)', 'lognormal(median=20ms, p99=80ms)'],
  ['lognormal(sigma=0.6,median=20ms)', 'lognormal(median=20ms, sigma=0.6)'],
  ['empirical(0=5ms, 0.5=20ms, 1=90ms)', 'empirical(3 quantiles)'],
  ['queue(servers=8, service=5ms)', 'queue(servers=8, service=constant(5ms), limit=1000, full=503)'],
  [
    'queue(service=exponential(5ms), servers=8, limit=10, full=refuse)',
    'queue(servers=8, service=exponential(5ms), limit=10, full=refuse)',
  ],
  [
    'constant(5ms)+queue(servers=1, service=5ms, full=429)',
    'constant(5ms) + queue(servers=1, service=constant(5ms), limit=1000, full=429)',
  ],
  ['script: ok 30s, stall 2s, 503', 'constant(1ms) + script: ok 30s, stall 2s, 503'],
  [
    'constant(5ms) + script: ok 30s, 503 1s, repeat + constant(2ms)',
    'constant(5ms) + script: ok 30s, 503 1s, repeat + constant(2ms)',
  ],
  ['constant(1m30s)', 'constant(90000ms)'],
  ['script: ok 1m30s, 503 1h, repeat', 'constant(1ms) + script: ok 1m30s, 503 1h, repeat'],
];

const REFUSED: readonly [text: string, column: number, expected: string][] = [
  ['', 1, 'a model (constant, exponential, lognormal, empirical, queue, fit:FILE, script: ...), found the end'],
  [
    'uniform(1ms)',
    1,
    'a model (constant, exponential, lognormal, empirical, queue, fit:FILE, script: ...), found "uniform"',
  ],
  ['constant(20)', 10, 'the time, a duration such as 20ms or 1m30s, found "20"'],
  ['constant(-20ms)', 10, 'the time, a duration such as 20ms or 1m30s, found "-20ms"'],
  ['constant(0)', 10, 'the time, a duration such as 20ms or 1m30s, found "0"'],
  ['constant 20ms', 10, '"(", found "20ms"'],
  ['constant(20ms', 14, '")", found the end'],
  ['constant(20ms) lognormal', 16, '"+" and another model, or the end, found "lognormal"'],
  [
    'constant(20ms) +',
    17,
    'a model (constant, exponential, lognormal, empirical, queue, fit:FILE, script: ...), found the end',
  ],
  ['lognormal(mean=20ms)', 11, 'median or p99 or sigma, found "mean"'],
  ['lognormal(median=1ms, median=2ms)', 23, 'p99 or sigma, found "median"'],
  ['lognormal(p99=80ms)', 19, '", median=...", found ")"'],
  [
    'lognormal(median=90ms, p99=80ms)',
    10,
    'a median above 0, and either a p99 that is not below it or a sigma, found "("',
  ],
  ['lognormal(median=90ms, sigma=x)', 30, 'sigma, a number of at least 0, found "x"'],
  ['empirical(0=5ms, 0.5=2ms)', 18, 'ascending quantiles up to 1, with ascending times, found "0.5"'],
  ['empirical(0=5ms)', 16, '",", found ")"'],
  ['queue(servers=0, service=5ms)', 15, 'how many servers, a whole number of at least 1, found "0"'],
  [
    'queue(servers=8, service=script)',
    26,
    'the time of one service, such as 5ms, or a model of it (constant, exponential, lognormal, empirical), found "script"',
  ],
  ['queue(servers=8, service=5ms, full=7)', 36, 'a status such as 503, or refuse, found "7"'],
  ['script: ok 30s, crash 2s', 17, 'ok, stall, reset, refuse, a status such as 503, or slow such as x3, found "crash"'],
  ['fit:', 5, 'a phout file, found the end'],
];

describe('targetFromText', () => {
  after(() => rmSync(folder, { recursive: true }));

  for (const [text, name] of READ) {
    it(`reads ${text}`, async () => assert.equal((await targetFromText(text)).name, name));
  }

  for (const [text, column, expected] of REFUSED) {
    it(`refuses "${text}" at column ${column}`, async () => {
      const pointer = `${' '.repeat(column - 1)}^`;
      await assert.rejects(targetFromText(text, '--target'), {
        code: 'ELPIS_USAGE',
        message: `--target, column ${column}: expected ${expected}\n  ${text}\n  ${pointer}`,
      });
    });
  }

  it('fits each tag, its failures and its times; operations that were not shot have no influence', async () => {
    const rows = Array.from({ length: 1000 }, (_, i) =>
      i % 10 === 0 ? row('slow#12', 900_000, 110, 0) : row('slow', 100_000 + i * 10, 0, 200),
    );
    const never = [row('discarded', 0, 777, 0), row('unfinished', 5, 999, 0)];
    const plain = join(folder, 'phout.log');
    writeFileSync(plain, [...rows, row('quick', 1000, 0, 404), ...never].join(''));
    const fitted = await targetFromText(`fit:${plain} + constant(1ms)`);
    const arrivals = Array.from({ length: 20_000 }, (_, i) => i);
    const slow = responsesOf(fitted, arrivals, 3, 'slow');
    const late = slow.filter(({ netCode }) => netCode === 110);
    assert.ok(Math.abs(late.length / slow.length - 0.1) < 0.01, String(late.length));
    assert.ok(late.every(({ afterMs, errorName }) => errorName === 'timeout' && Math.abs(afterMs - 900) < 2));
    const times = sortedTimes(slow.filter(({ netCode }) => netCode === 0));
    assert.ok(Math.abs((times[times.length >> 1] as number) - 106) < 1, String(times[times.length >> 1]));
    const [quick] = responsesOf(fitted, [0], 1, 'quick');
    assert.ok(quick !== undefined && quick.status === 404 && quick.afterMs < 1.01 + 1);
    assert.ok(responsesOf(fitted, arrivals, 1, 'unknown').some(({ netCode }) => netCode === 110));
  });

  const files: readonly [sentence: string, content: string | undefined, message: RegExp][] = [
    ['a missing file', undefined, /cannot be read: ENOENT/],
    ['a file that is no phout', 'hello\nworld\n', /:1: expected the 12 columns of phout, found "hello"/],
    ['a line that is cut off', `${row('a', 1, 0, 200)}1700000000.1\ta`, /:2: expected the 12 columns/],
    ['a file without shots', row('discarded', 0, 777, 0), /contains no shots/],
  ];
  for (const [sentence, content, message] of files) {
    it(`refuses ${sentence}`, async () => {
      const path = join(folder, 'bad.log');
      rmSync(path, { force: true });
      if (content !== undefined) writeFileSync(path, content);
      await assert.rejects(targetFromText(`fit:${path}`), message);
    });
  }
});
