import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { spreadsOf } from '../../../lib/compare/bootstrap.js';
import { ComparedRun } from '../../../lib/compare/comparedRun.js';
import { compareRuns, type Difference } from '../../../lib/compare/compareRuns.js';
import { normalQuantile, studentQuantile } from '../../../lib/compare/quantiles.js';
import type { RunEvent } from '../../../lib/engine/runEvent.js';
import { WindowRecorder } from '../../../lib/measure/windowRecorder.js';
import { compositePlan } from '../../../lib/plans/compositePlan.js';
import { constPlan } from '../../../lib/schedules/const.js';
import { logNormalLatency, virtualRun } from '../../../lib/testing/index.js';
import { seededRandom } from '../../../lib/time/seededRandom.js';
import { timed } from '../../operators/timed.js';

const differing = (all: readonly Difference[]): readonly Difference[] =>
  all.filter(({ verdict }) => verdict !== 'same');
const named = (all: readonly Difference[]): readonly string[] =>
  differing(all).map(
    ({ subject: { tag = 'all', stage = 0 }, metric, verdict }) => `${tag} ${stage} ${metric} ${verdict}`,
  );

function runOf(events: Iterable<RunEvent>): ComparedRun {
  const run = new ComparedRun();
  for (const event of events) run.add(event);
  return run;
}

/** A rehearsal at 100 per second, with two tags. */
async function rehearsed(seed: number, medianMs: number, duration = '20s'): Promise<ComparedRun> {
  const pool = {
    ...{ gun: { type: 'http', target: 'model:80' }, ammo: { type: 'uri', uris: ['/a a', '/b b'] } },
    ...{ result: { type: 'discard' }, rps: { type: 'const', ops: 100, duration } },
    startup: { type: 'once', times: 60 },
  };
  const target = logNormalLatency({ medianMs, p99Ms: 4 * medianMs });
  return runOf((await virtualRun({ pools: [pool] }, { target, seed })).events);
}

/** A run of 60 windows of a second, of which each has `count` operations of about `ms`, and a part of them bad. */
function steady({
  count = 50,
  ms = 20,
  badEach = 0,
  seed = 1,
  tags = ['a'],
  slowFrom = 60,
}: {
  readonly count?: number;
  readonly ms?: number;
  readonly badEach?: number;
  readonly seed?: number;
  readonly tags?: readonly string[];
  /** From this second on, times are twice as long. */
  readonly slowFrom?: number;
}): RunEvent[] {
  const random = seededRandom(seed);
  return Array.from({ length: 60 }, (_, second): RunEvent => {
    const recorder = new WindowRecorder({ from: second * 1000, tagLimit: 100 });
    for (let i = 0; i < count; i++) {
      const longer = second >= slowFrom ? 2 : 1;
      const bad = badEach > 0 && i % badEach === 0;
      recorder.record(
        timed(longer * ms * (0.8 + 0.4 * random()), { tag: tags[i % tags.length] ?? '', protoCode: bad ? 500 : 200 }),
      );
    }
    return { type: 'window', pool: 'p', at: (second + 1) * 1000, window: recorder.close((second + 1) * 1000) };
  });
}

const compared = (a: RunEvent[], b: RunEvent[]) => compareRuns([runOf(a)], [runOf(b)], seededRandom(1));

describe('compareRuns', () => {
  it('finds what differs, with its interval, and nothing else', () => {
    const { differences } = compared(steady({ seed: 1 }), steady({ seed: 2, ms: 22 }));
    assert.deepEqual(named(differences), [
      'all 0 mean higher',
      'all 0 p50 higher',
      'all 0 p90 higher',
      'all 0 p95 higher',
      'all 0 p99 higher',
    ]);
    const [mean] = differing(differences);
    assert.ok(
      mean !== undefined && mean.interval[0] < 10 && mean.interval[1] > 10 && mean.interval[1] - mean.interval[0] < 3,
      JSON.stringify(mean),
    );
    const { differences: rates } = compared(steady({ count: 50 }), steady({ count: 40 }));
    assert.deepEqual(named(rates).slice(0, 1), ['all 0 rate lower']);
    assert.equal(rates.find(({ metric }) => metric === 'rate')?.change.toFixed(1), '-20.0');
    const { differences: errors } = compared(steady({}), steady({ seed: 2, badEach: 25 }));
    assert.deepEqual(named(errors), ['all 0 errors higher']);
    assert.equal(errors.find(({ metric }) => metric === 'errors')?.change.toFixed(1), '4.0');
  });

  it('compares each tag, and says which side has a tag alone', () => {
    const { differences, onlyBefore, onlyAfter } = compared(
      steady({ tags: ['a', 'b'] }),
      steady({ tags: ['b', 'c'], seed: 2 }),
    );
    assert.deepEqual(new Set(differences.map(({ subject }) => subject.tag)), new Set([undefined, 'b']));
    assert.deepEqual([onlyBefore.map(({ tag }) => tag), onlyAfter.map(({ tag }) => tag)], [['a'], ['c']]);
  });

  it('compares each stage of a plan', () => {
    const plan = compositePlan([constPlan({ ops: 50, duration: 30e9 }), constPlan({ ops: 51, duration: 30e9 })]);
    const begun: RunEvent = {
      type: 'run-started',
      at: 0,
      threads: 1,
      pools: [{ id: 'p', plan, rpsPerInstance: false }],
    };
    const { differences } = compared(
      [begun, ...steady({ count: 200 })],
      [begun, ...steady({ count: 200, seed: 2, slowFrom: 30 })],
    );
    const stages = new Set(named(differences).map((text) => text.split(' ')[1]));
    assert.deepEqual(stages, new Set(['0', '2']), 'the whole run and the second stage');
  });

  it('does not judge a percentile of too few operations, nor a run of one window', () => {
    const { differences } = compared(steady({ count: 10 }), steady({ count: 10, seed: 2 }));
    assert.deepEqual(
      differences.map(({ metric }) => metric),
      ['rate', 'errors', 'mean', 'p50', 'p90', 'p95'],
    );
    assert.deepEqual(compared(steady({}).slice(0, 1), steady({}).slice(0, 1)).differences, []);
  });

  it('takes the differences between runs of one side as chance', () => {
    const runs = (...times: number[]) => times.map((ms, seed) => runOf(steady({ ms, seed: seed + 1 })));
    const single = compareRuns(runs(20), runs(23), seededRandom(1));
    assert.ok(differing(single.differences).length > 0);
    const several = compareRuns(runs(17, 20, 24), runs(19, 23, 25), seededRandom(1));
    assert.deepEqual(named(several.differences), []);
    const apart = compareRuns(runs(20, 20.1, 19.9, 20), runs(30, 30.1, 29.9, 30), seededRandom(1));
    assert.ok(named(apart.differences).includes('all 0 p50 higher'));
  });

  it('corrects the spread of few runs, which a bootstrap makes too small', () => {
    const blocksOf = (ms: number) => runOf(steady({ ms, count: 200 })).subjects[0]?.blocks ?? [];
    const { mean } = spreadsOf([blocksOf(20), blocksOf(24)], seededRandom(1));
    // The standard error of the mean of two values is half their distance.
    assert.ok(Math.abs(mean - Math.log(24 / 20) / 2) < 0.01, String(mean));
  });

  describe('of rehearsals', () => {
    const SEEDS = 200;
    let equal: readonly ComparedRun[] = [];
    before(async () => {
      const runs: ComparedRun[] = [];
      for (let seed = 1; seed <= SEEDS; seed++) runs.push(await rehearsed(seed, 20));
      equal = runs;
    });

    it(`of equal systems, reports a difference in at most 5 % of ${SEEDS} pairs over all numbers together, and has no change in 95 % of the intervals`, () => {
      let alarms = 0;
      let intervals = 0;
      let without = 0;
      for (const [i, run] of equal.entries()) {
        const { differences } = compareRuns([run], [equal[(i + 1) % SEEDS] as ComparedRun], seededRandom(i));
        if (differing(differences).length > 0) alarms++;
        intervals += differences.length;
        without += differences.filter(({ interval: [from, to] }) => from <= 0 && to >= 0).length;
      }
      assert.ok(alarms <= 0.05 * SEEDS, `${alarms} of ${SEEDS}`);
      assert.ok(without >= 0.95 * intervals && without < 0.99 * intervals, `${without} of ${intervals}`);
    });

    it('finds times that are 10 % longer in at least 75 % of 60 pairs of 2,000 operations', async () => {
      let found = 0;
      for (const [i, plain] of equal.slice(0, 60).entries()) {
        const { differences } = compareRuns([plain], [await rehearsed(1001 + i, 22)], seededRandom(i + 1));
        if (differing(differences).some(({ metric, verdict }) => metric === 'p50' && verdict === 'higher')) found++;
      }
      assert.ok(found >= 0.75 * 60, `${found} of 60`);
    });

    it('finds times that are 10 % longer in at least 95 % of 20 pairs of 6,000 operations', async () => {
      let found = 0;
      for (let seed = 1; seed <= 20; seed++) {
        const [plain, slower] = [await rehearsed(seed, 20, '60s'), await rehearsed(1000 + seed, 22, '60s')];
        const { differences } = compareRuns([plain], [slower], seededRandom(seed));
        if (differing(differences).some(({ metric, verdict }) => metric === 'p50' && verdict === 'higher')) found++;
      }
      assert.ok(found >= 19, `${found} of 20`);
    });
  });
});

describe('the quantiles', () => {
  it('are those of the tables', () => {
    for (const [p, z] of [
      [0.5, 0],
      [0.975, 1.959964],
      [0.995, 2.575829],
      [0.001, -3.090232],
    ] as const)
      assert.ok(Math.abs(normalQuantile(p) - z) < 1e-5, `${p}`);
    for (const [freedom, t] of [
      [10, 2.228139],
      [30, 2.042272],
      [58, 2.001717],
    ] as const)
      assert.ok(Math.abs(studentQuantile(0.975, freedom) - t) < 1e-3, `${freedom}`);
  });
});
