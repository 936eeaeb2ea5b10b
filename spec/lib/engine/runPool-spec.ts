import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EMPTY, type Observable, of } from 'rxjs';
import type { Tick } from '../../../lib/core/plan.js';
import { runPools } from '../../../lib/engine/runPools.js';
import { compositePlan } from '../../../lib/plans/compositePlan.js';
import { constPlan } from '../../../lib/schedules/const.js';
import { linePlan } from '../../../lib/schedules/line.js';
import { oncePlan } from '../../../lib/schedules/once.js';
import { unlimitedPlan } from '../../../lib/schedules/unlimited.js';
import { FakeProvider, VirtualClock } from '../../../lib/testing/index.js';
import { numbers, run, SECOND } from './runOf.js';

describe('runPools', () => {
  it('shoots each operation at its planned moment and closes everything once', () => {
    const { gunFactory, seen, result, events } = run({ rps: constPlan({ ops: 2, duration: 2 * SECOND }) });
    assert.deepEqual(
      seen.seen.map(({ started }) => started),
      [1000, 1500, 2000, 2500],
    );
    assert.deepEqual(gunFactory.closes, [1]);
    assert.deepEqual([gunFactory.warmUps, gunFactory.closed, seen.flushed, seen.aborted], [1, 1, 1, 0]);
    assert.equal(result.completed, true);
    assert.deepEqual(
      events.map(({ type }) => type),
      ['pool-started', 'progress', 'window', 'window', 'report', 'pool-finished'],
    );
  });

  it('follows a curved plan exactly, with any number of instances', () => {
    const rps = compositePlan([
      linePlan({ from: 1, to: 200, duration: 10 * SECOND }),
      linePlan({ from: 200, to: 0, duration: 7 * SECOND }),
    ]);
    const { gunFactory } = run({ rps, startup: oncePlan({ times: 20 }), gun: { latencyMs: 3 } });
    assert.deepEqual(
      gunFactory.shots.map(({ started }) => started),
      Array.from({ length: rps.count }, (_, i) => 1000 + rps.atNs(i) / 1e6),
    );
  });

  it('does not wait for a pause at the end, but for one in the middle', () => {
    const pause = constPlan({ ops: 0, duration: 10 * SECOND });
    const once = oncePlan({ times: 1 });
    const { seen, clock } = run({ rps: compositePlan([once, pause, once, pause]) });
    assert.deepEqual(
      seen.seen.map(({ started }) => started),
      [1000, 11_000],
    );
    assert.ok(clock.now() < 12_000);
  });

  it('lets late operations keep their intended time and separates slot wait from lateness', () => {
    const { seen } = run({ rps: constPlan({ ops: 10, duration: 0.5 * SECOND }), gun: { latencyMs: 250 } });
    assert.deepEqual(
      seen.seen.map(({ intended, started, slotWait }) => [intended, started, slotWait]),
      [
        [1000, 1000, 0],
        [1100, 1250, 150],
        [1200, 1500, 300],
        [1300, 1750, 450],
        [1400, 2000, 600],
      ],
    );
  });

  it('discards what is overdue by 2 s, as Pandora does', () => {
    // 2 op/s for 4 s with one instance and responses after 5 s: 0 is shot, 0.5 ... 3.0 s are discarded, 3.5 s is shot.
    const { seen } = run({ rps: constPlan({ ops: 2, duration: 4 * SECOND }), gun: { latencyMs: 5000 } });
    const outcomes = [...seen.seen].sort((a, b) => a.index - b.index).map(({ outcome }) => outcome);
    assert.deepEqual(outcomes, [
      'shot',
      'discarded',
      'discarded',
      'discarded',
      'discarded',
      'discarded',
      'discarded',
      'shot',
    ]);
  });

  it('shoots overdue operations when discard_overflow is off', () => {
    const { seen } = run({
      rps: constPlan({ ops: 2, duration: 4 * SECOND }),
      gun: { latencyMs: 5000 },
      pool: { overflow: { policy: 'queue' } },
    });
    assert.deepEqual(
      seen.seen.map(({ outcome }) => outcome),
      Array(8).fill('shot'),
    );
  });

  it('grows when operations are due and no instance is free, each share of a run to its part, and counts it', () => {
    const setup = { rps: constPlan({ ops: 10, duration: 2 * SECOND }), gun: { latencyMs: 450 } };
    const overflow = { policy: 'grow', maxInstances: 11 } as const;
    const whole = run({ ...setup, pool: { overflow } });
    assert.ok(whole.seen.seen.every(({ slotWait }) => slotWait === 0));
    const finished = whole.events.at(-1);
    assert.ok(finished?.type === 'pool-finished');
    assert.deepEqual([finished.progress.instancesStarted, finished.progress.instancesGrown], [5, 4]);
    const share = run({ ...setup, gun: { latencyMs: 9000 }, pool: { overflow, share: { index: 2, of: 3 } } });
    assert.deepEqual(
      [...new Set(share.gunFactory.shots.map(({ instance }) => instance))],
      [2, 5, 8],
      'of 11 instances the third share of three has these',
    );
    const alone = run({ ...setup, pool: { overflow, rpsPerInstance: true } });
    assert.match(String(alone.result.error), /pool "p": overflow cannot be grow/);
  });

  it('ends the run when an operation is due and no instance is free, if overflow is to abort', () => {
    const { result, seen, gunFactory } = run({
      rps: constPlan({ ops: 10, duration: SECOND }),
      gun: { latencyMs: 150 },
      pool: { overflow: { policy: 'abort', afterMs: 80 } },
    });
    assert.match(String(result.error), /pool "p".*shot 2 has been due for 80 ms and none of the 1 instances is free/);
    assert.deepEqual([seen.seen.length, seen.flushed, gunFactory.aborted, gunFactory.closes], [3, 1, 1, [1]]);
    assert.deepEqual(
      seen.seen.map(({ outcome, ended, intended }) => [outcome, ended - intended]),
      [
        ['shot', 150],
        ['unfinished', 180],
        ['unfinished', 80],
      ],
    );
  });

  it('starts instances by the startup schedule and uses the one that has been free the longest', () => {
    const { gunFactory } = run({
      rps: constPlan({ ops: 4, duration: 2 * SECOND }),
      startup: constPlan({ ops: 1, duration: 3 * SECOND }),
    });
    assert.deepEqual(
      gunFactory.shots.map(({ instance }) => instance),
      [0, 0, 0, 0, 0, 1, 0, 1],
    );
    assert.equal(gunFactory.made, 2, 'no instance starts when the schedule is finished');
  });

  it('gives every instance its own schedule with rps-per-instance', () => {
    const { gunFactory, result } = run({
      rps: constPlan({ ops: 1, duration: 2 * SECOND }),
      startup: oncePlan({ times: 3 }),
      pool: { rpsPerInstance: true },
    });
    assert.deepEqual(
      gunFactory.shots.map(({ instance, started }) => [instance, started]),
      [
        [0, 1000],
        [1, 1000],
        [2, 1000],
        [0, 2000],
        [1, 2000],
        [2, 2000],
      ],
    );
    assert.deepEqual([gunFactory.closes, result.completed], [[1, 1, 1], true]);
  });

  it('runs an unlimited schedule as a closed loop', () => {
    const { seen } = run({
      rps: unlimitedPlan({ duration: SECOND }),
      startup: oncePlan({ times: 2 }),
      gun: { latencyMs: 100 },
    });
    assert.equal(seen.seen.length, 20);
    assert.ok(seen.seen.every(({ intended, started }) => intended === started));
  });

  it('plays [finite, unlimited, finite] in full', () => {
    const rps = compositePlan([
      oncePlan({ times: 1 }),
      unlimitedPlan({ duration: 0.3 * SECOND }),
      oncePlan({ times: 3 }),
    ]);
    const { seen } = run({ rps, gun: { latencyMs: 100 } });
    assert.equal(seen.seen.length, 1 + 2 + 3);
  });

  it('succeeds when the ammo is finished, and starts no further instance', () => {
    const { gunFactory, result } = run({
      rps: constPlan({ ops: 10, duration: 10 * SECOND }),
      startup: constPlan({ ops: 1, duration: 10 * SECOND }),
      pool: { provider: numbers(3) },
    });
    assert.deepEqual([gunFactory.shots.length, gunFactory.made, result.completed], [3, 1, true]);
  });

  it('succeeds without any instance', () => {
    const { gunFactory, result } = run({
      rps: constPlan({ ops: 1, duration: SECOND }),
      startup: constPlan({ ops: 0, duration: SECOND }),
    });
    assert.deepEqual([gunFactory.made, result.completed], [0, true]);
  });

  it('draws no ammo that it does not shoot', () => {
    const provider = new FakeProvider<number>().load(1, 2, 3, 4, 5).finish();
    run({ rps: constPlan({ ops: 1, duration: 3 * SECOND }), pool: { provider } });
    assert.deepEqual(
      [provider.taken.slice(0, 3), provider.givenBack, provider.released, provider.closed],
      [[1, 2, 3], [4], [1, 2, 3], 1],
    );
  });

  it('does not wait for ammo that never arrives when the schedule is finished', () => {
    const provider = new FakeProvider<number>().load(1);
    const { result, gunFactory } = run({ rps: constPlan({ ops: 1, duration: SECOND }), pool: { provider } });
    assert.deepEqual([gunFactory.shots.length, result.completed], [1, true]);
  });

  it("waits for ammo and records the wait as the generator's own lateness", () => {
    const clock = new VirtualClock(1000);
    const provider = new FakeProvider<number>();
    clock.schedule(() => provider.load(1, 2).finish(), 700);
    const { seen } = run({ rps: constPlan({ ops: 10, duration: SECOND }), pool: { provider }, clock });
    assert.deepEqual(
      seen.seen.map(({ started, slotWait }) => [started, slotWait]),
      [
        [1700, 0],
        [1800, 0],
      ],
    );
  });

  it('aborts shots and closes everything once when it is unsubscribed from', () => {
    const { gunFactory, seen, subscription, clock } = run({
      rps: constPlan({ ops: 10, duration: 60 * SECOND }),
      startup: oncePlan({ times: 2 }),
      gun: { latencyMs: 1e9 },
      until: 1150,
    });
    subscription.unsubscribe();
    clock.run(100_000);
    assert.deepEqual(
      [gunFactory.shots.length, gunFactory.aborted, gunFactory.closes, gunFactory.closed, seen.aborted],
      [2, 2, [1, 1], 1, 1],
    );
  });

  it('completes at once when there is no pool', () => {
    let completed = false;
    runPools([]).subscribe({
      complete: () => {
        completed = true;
      },
    });
    assert.equal(completed, true);
  });

  it('also accepts ordinary Observables as schedule and provider', () => {
    const clock = new VirtualClock();
    const rps = (): Observable<Tick> => of({ index: 0, at: 5 }, { index: 1, at: 10 });
    const { seen } = run({ rps: oncePlan({ times: 1 }), pool: { rps, provider: of('a', 'b', 'c') }, clock });
    assert.deepEqual(
      seen.seen.map(({ started }) => started),
      [5, 10],
    );
    const { result } = run({ rps: oncePlan({ times: 1 }), pool: { provider: EMPTY } });
    assert.equal(result.completed, true);
  });
});
