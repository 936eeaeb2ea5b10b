import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { delay, type MonoTypeOperatorFunction, map, tap } from 'rxjs';
import { isElpisError } from '../../../lib/core/errors.js';
import type { Tick } from '../../../lib/core/plan.js';
import type { Shot } from '../../../lib/core/shot.js';
import { Pullable } from '../../../lib/pull/pullable.js';
import { constPlan } from '../../../lib/schedules/const.js';
import { unlimitedPlan } from '../../../lib/schedules/unlimited.js';
import { FakeGunFactory } from '../../../lib/testing/fakeGuns.js';
import { FakeProvider } from '../../../lib/testing/fakeProvider.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';
import { FiringMeter } from '../../../operators/firing/meter.js';
import { filterPulled } from '../../../operators/shots/filterPulled.js';
import { mapPulled } from '../../../operators/shots/mapPulled.js';
import { type ShootOptions, shoot } from '../../../operators/shots/shoot.js';
import { zipAmmo } from '../../../operators/shots/zipAmmo.js';
import { ticks } from '../../../operators/ticks/ticks.js';

// Ordinary RxJS operators between the operators of Elpis: their effect on demand.
const AMMO = Array.from({ length: 20 }, (_, i) => ({ id: i }));
type Shots = MonoTypeOperatorFunction<Shot<{ readonly id: number }>>;

interface Setup {
  readonly ofTicks?: MonoTypeOperatorFunction<Tick>;
  readonly ofShots?: Shots;
  readonly plan?: Parameters<typeof ticks>[0];
  /** How long the gun takes, while operations are due every 10 ms. */
  readonly latencyMs?: number;
  readonly options?: ShootOptions<{ readonly id: number }, unknown>;
}

/** Ten operations, one every 10 ms, and one instance. */
function run({
  ofTicks = (source) => source,
  ofShots = (source) => source,
  plan = constPlan({ ops: 100, duration: 100e6 }),
  latencyMs = 25,
  options,
}: Setup = {}) {
  const clock = new VirtualClock();
  const scheduler = clock;
  const provider = new FakeProvider<{ readonly id: number }>().load(...AMMO);
  const gunFactory = new FakeGunFactory<{ readonly id: number }>({ scheduler, latencyMs });
  const meter = new FiringMeter();
  const shots = ticks(plan, { scheduler }).pipe(ofTicks, zipAmmo(provider, { scheduler }), ofShots);
  const outcome: { error?: unknown } = {};
  const samples: number[] = [];
  shots.pipe(shoot(gunFactory, { scheduler, meter, ...options })).subscribe({
    next: () => samples.push(clock.now()),
    error: (error: unknown) => {
      outcome.error = error;
    },
  });
  const taken = (moment: number): number => {
    clock.run(moment);
    return provider.taken.length;
  };
  return { clock, provider, gunFactory, meter, shots, outcome, samples, taken };
}

/** The result of each pipeline with the same ten operations. */
const PIPELINES: readonly (readonly [sentence: string, setup: Setup, pulled: boolean, taken: readonly number[]])[] = [
  ['nothing between', {}, true, [1, 2, 3]],
  ['mapPulled of ticks', { ofTicks: mapPulled((tick) => ({ ...tick })) }, true, [1, 2, 3]],
  ['mapPulled of shots', { ofShots: mapPulled((shot) => ({ ...shot })) }, true, [1, 2, 3]],
  ['filterPulled of ticks', { ofTicks: filterPulled(() => true) }, true, [1, 2, 3]],
  ['map of ticks', { ofTicks: map((tick) => ({ ...tick })) }, true, [1, 2, 3]],
  ['map of shots', { ofShots: map((shot) => ({ ...shot })) }, false, [2, 4, 7]],
];

describe('demand', () => {
  for (const [sentence, setup, pulled, taken] of PIPELINES) {
    it(`${sentence}: ${pulled ? 'ammo is taken when an instance is free' : 'ammo is taken when a shot is due'}`, () => {
      const { shots, taken: takenAt, gunFactory, clock, provider } = run(setup);
      assert.equal(shots instanceof Pullable, pulled);
      // At 5, 26 and 51 ms: the instance is in its first, second and third shot, of which each takes 25 ms.
      assert.deepEqual([takenAt(5), takenAt(26), takenAt(51)], taken);
      clock.run();
      assert.deepEqual(
        gunFactory.shots.map(({ index, intended, started, ammo }) => [index, intended, started, ammo.id]),
        Array.from({ length: 10 }, (_, i) => [i, i * 10, i * 25, i]),
        'the shots are the same in any case: intended moments are kept',
      );
      assert.equal(provider.closed, 1);
    });
  }

  it('a tick that is emitted late keeps its intended moment', () => {
    const clock = new VirtualClock();
    const gunFactory = new FakeGunFactory<{ readonly id: number }>({ scheduler: clock });
    ticks(constPlan({ ops: 100, duration: 30e6 }), { scheduler: clock })
      .pipe(delay(7, clock), zipAmmo(AMMO, { scheduler: clock }), shoot(gunFactory, { scheduler: clock }))
      .subscribe();
    clock.run();
    assert.deepEqual(
      gunFactory.shots.map(({ intended, started }) => [intended, started]),
      [
        [0, 7],
        [10, 17],
        [20, 27],
      ],
    );
  });

  it('shots that no instance takes wait in a bounded backlog; when it is full the run ends with an error', () => {
    const { clock, outcome, gunFactory } = run({
      ofShots: map((shot) => shot),
      latencyMs: 1000,
      options: { backlog: { capacity: 3 } },
    });
    clock.run(35);
    assert.equal(outcome.error, undefined);
    clock.run(45);
    assert.ok(isElpisError(outcome.error, 'ELPIS_OVERFLOW'));
    assert.match(String(outcome.error), /the backlog of \w+ is full: more than 3/);
    assert.deepEqual([gunFactory.aborted, gunFactory.closes], [1, [1]]);
  });

  it('with another overflow policy of the backlog they are dropped, counted and recorded', () => {
    const { clock, meter, outcome, samples } = run({
      ofShots: map((shot) => shot),
      latencyMs: 1000,
      options: { backlog: { overflow: 'queue', capacity: 3 }, discarded: ({ index }) => index },
    });
    clock.run(99);
    assert.deepEqual([meter.requests, meter.discarded], [1, 6]);
    assert.deepEqual(samples, [40, 50, 60, 70, 80, 90], 'each with a sample, when it was due');
    clock.run();
    assert.deepEqual([meter.requests, outcome.error], [4, undefined]);
  });

  it('ticks also wait in the backlog of zipAmmo', () => {
    const clock = new VirtualClock();
    const gun = new FakeGunFactory<{ readonly id: number }>({ scheduler: clock, latencyMs: 1000 });
    let error: unknown;
    const dropped: number[] = [];
    const shots = (options: Parameters<typeof zipAmmo>[1]) =>
      ticks(constPlan({ ops: 100, duration: 100e6 }), { scheduler: clock }).pipe(
        tap(() => undefined),
        zipAmmo(AMMO, { scheduler: clock, ...options }),
        shoot(gun, { scheduler: clock }),
      );
    shots({ ticks: { capacity: 3 } }).subscribe({ error: (cause: unknown) => (error = cause) });
    shots({ ticks: { capacity: 3, overflow: 'queue', onDiscard: ({ index }) => dropped.push(index) } }).subscribe();
    clock.run();
    assert.ok(isElpisError(error, 'ELPIS_OVERFLOW'));
    assert.deepEqual(dropped, [4, 5, 6, 7, 8, 9]);
  });

  it('an unlimited schedule exists by demand: pulled it follows the instances, pushed it floods the backlog', () => {
    const plan = unlimitedPlan({ duration: 100e6 });
    const pulled = run({ plan, ofTicks: mapPulled((tick) => ({ ...tick })) });
    pulled.clock.run();
    assert.deepEqual(
      pulled.gunFactory.shots.map(({ started }) => started),
      [0, 25, 50, 75],
    );
    const pushed = run({ plan, ofTicks: map((tick) => tick) });
    pushed.clock.run();
    assert.ok(isElpisError(pushed.outcome.error, 'ELPIS_OVERFLOW'));
    assert.equal(pushed.gunFactory.shots.length <= 1, true);
  });
});
