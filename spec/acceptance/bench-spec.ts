import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { nanosPerItem } from '../../bench/micro/nanosPerItem.js';
import { OPERATORS } from '../../bench/micro/operators.js';
import { arrivalErrors, plannedMoments } from '../../bench/support/arrivalErrors.js';
import { median, quantile } from '../../bench/support/median.js';
import { pairedRatio } from '../../bench/support/pairs.js';
import * as operators from '../../operators/index.js';

const isClass = (value: unknown): boolean => /^class\b/.test(String(value));

describe('bench', () => {
  it('takes the median', () => {
    assert.equal(median([3, 1, 2]), 2);
    assert.equal(median([4, 1, 2, 3]), 2.5);
    assert.equal(quantile([0, 10], 0.25), 2.5);
    assert.ok(Number.isNaN(median([])));
  });

  it('plans moments: 3 per second for 1 s; a line from 0 to 4 per second in 2 s', () => {
    assert.deepEqual(plannedMoments({ from: 3, to: 3, seconds: 1 }).map(Math.round), [0, 333, 667]);
    assert.deepEqual(plannedMoments({ from: 0, to: 4, seconds: 2 }).map(Math.round), [0, 1000, 1414, 1732]);
    assert.deepEqual(plannedMoments({ from: 0, to: 4, seconds: 2 }, 1).map(Math.round), [1000, 1414, 1732, 2000]);
  });

  it('arrivals that are all late by the same time are exact; a single late one is not', () => {
    const plan = plannedMoments({ from: 1000, to: 1000, seconds: 1 });
    const late = plan.map((at) => at + 5000);
    assert.ok(arrivalErrors(late, plan).p99 < 1e-9);
    const oneInTen = late.map((at, i) => (i % 10 === 9 ? at + 0.5 : at));
    assert.ok(arrivalErrors(oneInTen, plan).p50 < 1e-9);
    assert.ok(Math.abs(arrivalErrors(oneInTen, plan).p99 - 0.5) < 1e-9);
    assert.equal(arrivalErrors(late.slice(0, 500), plan).arrived, 0.5);
  });

  it('shows the 99th percentile of each second', () => {
    const plan = plannedMoments({ from: 1000, to: 1000, seconds: 3 });
    const stalled = plan.map((at, i) => (i >= 500 && i < 550 ? at + 7 : at));
    const { p99BySecond } = arrivalErrors(stalled, plan);
    assert.deepEqual(
      p99BySecond.map((ms) => Math.round(ms)),
      [7, 0, 0],
    );
  });

  it('compares pairs: the median of the ratios, its interval of 95 %, and a sign test', () => {
    const ten = Array.from({ length: 10 }, (_, i) => 1.01 + i / 100);
    const ones = ten.map(() => 1);
    // Of 10 ordered values the second and the ninth: 1 - 2 * 11 / 1024 = 97.9 %.
    const { ratio, low, high, p, larger } = pairedRatio(ten, ones);
    assert.deepEqual([ratio.toFixed(3), low, high, larger], ['1.055', 1.02, 1.09, 10]);
    assert.equal(p, 2 / 1024);
    assert.equal(pairedRatio(ones, ten).p, 2 / 1024);
    assert.equal(pairedRatio([1, 2, 1, 2], [2, 1, 2, 1]).p, 1);
    assert.equal(pairedRatio(ones, ones).p, 1);
    const few = pairedRatio([1, 2, 3, 4, 5], [1, 1, 1, 1, 1]);
    assert.deepEqual([few.low, few.high], [1, 5]);
    // One round of five is equal, and four on one side happen to equal programs in 2 of 16 cases.
    assert.equal(few.p, 0.125);
  });

  it('measures every operator, and each of them works', () => {
    // Once per run or window, not per item.
    const ofWindows = [
      'countsOf',
      'distributionOf',
      'mergeHistograms',
      'valueAtPercentile',
      'windowFromJson',
      'windowToJson',
    ];
    const seldom = new Set(['drainOn', 'errorRate', 'mergeWindows', 'percentile', ...ofWindows]);
    const exported = Object.entries(operators).filter(([, value]) => typeof value === 'function' && !isClass(value));
    const wanted = exported.map(([name]) => name).filter((name) => !seldom.has(name));
    const measured = OPERATORS.map(({ name }) => name);
    assert.deepEqual(measured.toSorted(), wanted.toSorted());
    for (const { name, work, against } of OPERATORS)
      for (const nanos of nanosPerItem([work(), ...(against === undefined ? [] : [against.work()])], 1, 1000))
        assert.ok(nanos > 0 && nanos < 1e6, `${name}: ${nanos} ns`);
  });

  it('runs a tiny row from the command line', () => {
    const args = ['node_modules/tsx/dist/cli.mjs', '--tsconfig', 'bench/tsconfig.json', 'bench/run.ts'];
    const more = ['phout', '--rounds', '1', '--seconds', '0.2', '--dry-run'];
    const { status, stdout, stderr } = spawnSync(process.execPath, [...args, ...more], {
      encoding: 'utf8',
      timeout: 30_000,
    });
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^phout: samples \d+/m);
  });

  it('lists the rows for an unknown row', () => {
    const args = ['node_modules/tsx/dist/cli.mjs', '--tsconfig', 'bench/tsconfig.json', 'bench/run.ts', 'nope'];
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 30_000 });
    assert.equal(status, 2);
    assert.match(stderr, /no row nope; there are http, /);
  });
});
