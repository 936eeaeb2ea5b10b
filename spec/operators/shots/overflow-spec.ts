import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { catchError, map, NEVER, type Observable, of, type SchedulerLike, throwError, timer } from 'rxjs';
import { isElpisError } from '../../../lib/core/errors.js';
import type { Plan } from '../../../lib/core/plan.js';
import type { Shot } from '../../../lib/core/shot.js';
import { compositePlan } from '../../../lib/plans/compositePlan.js';
import { constPlan } from '../../../lib/schedules/const.js';
import { oncePlan } from '../../../lib/schedules/once.js';
import { unlimitedPlan } from '../../../lib/schedules/unlimited.js';
import { FakeGunFactory } from '../../../lib/testing/fakeGuns.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';
import { FiringMeter } from '../../../operators/firing/meter.js';
import type { OverflowPolicy } from '../../../operators/firing/overflow.js';
import { type ShootOptions, shoot } from '../../../operators/shots/shoot.js';
import { zipAmmo } from '../../../operators/shots/zipAmmo.js';
import { ticks } from '../../../operators/ticks/ticks.js';
import { marbles } from '../marbles.js';

const pushed = (source: Observable<string>, scheduler: SchedulerLike): Observable<Shot<string>> =>
  source.pipe(map((ammo) => ({ index: 0, at: scheduler.now(), ammo, instance: -1, started: 0, slotWait: 0 })));
const echo = (scheduler: SchedulerLike, ms: number) => ({
  create: () => ({ shoot: (ammo: string) => timer(ms, scheduler).pipe(map(() => ammo)) }),
});
const every2ms = constPlan({ ops: 500, duration: 8e6 });
const discarded = ({ ammo }: Shot<string>): string => ammo.toUpperCase();
const unfinished = discarded;
const byCode = catchError((error: unknown) => throwError(() => (error as { code?: string }).code));

/** [overflow, the samples of one shot per 2 ms, a to d, when each takes 5 ms and there is one instance] */
const TABLE: readonly [name: string, overflow: OverflowPolicy, expected: string][] = [
  ['queue: they wait', { policy: 'queue' }, '         -----a----b----c----(d|)'],
  ['discard: not shot when overdue by that much', { policy: 'discard', afterMs: 5 }, '-----a----(bC)-(d|)'],
  ['discard: shot when overdue by less', { policy: 'discard', afterMs: 7 }, '-----a----b----(cD|)'],
  ['grow: an instance is started for each', { policy: 'grow', maxInstances: 9 }, '-----a-b-c-(d|)'],
  ['grow: to the maximum', { policy: 'grow', maxInstances: 2 }, '-----a-b--c-(d|)'],
  ['grow: not when there are more instances already', { policy: 'grow', maxInstances: 1 }, '-----a----b----c----(d|)'],
  ['grow: not before they are overdue', { policy: 'grow', maxInstances: 9, afterMs: 2 }, '-----a---bc--(d|)'],
  ['abort: at the first', { policy: 'abort' }, '--#'],
  ['abort: when it is overdue', { policy: 'abort', afterMs: 4 }, '-----a--#'],
  ['abort: not when an instance is free in time', { policy: 'abort', afterMs: 10 }, '-----a----b----c----(d|)'],
];

describe('shoot, when shots are due and no instance is free', () => {
  for (const [name, overflow, expected] of TABLE) {
    it(
      name,
      marbles(({ expectObservable, scheduler }) => {
        const seen = ticks(every2ms, { scheduler }).pipe(
          zipAmmo('abcd', { scheduler }),
          shoot(echo(scheduler, 5), { scheduler, overflow, discarded }),
          byCode,
        );
        expectObservable(seen).toBe(expected.trim(), undefined, 'ELPIS_OVERFLOW');
      }),
    );
  }

  it(
    'pushed shots follow the same policies',
    marbles(({ hot, expectObservable, scheduler }) => {
      for (const [, overflow, expected] of TABLE) {
        const e1 = hot('a-b-c-d-|');
        const options = { scheduler, overflow, discarded };
        const seen = pushed(e1, scheduler).pipe(shoot(echo(scheduler, 5), options), byCode);
        expectObservable(seen).toBe(expected.trim(), undefined, 'ELPIS_OVERFLOW');
      }
    }),
  );

  it(
    'grow starts instances when there are none; a stream of instances starts first',
    marbles(({ hot, expectObservable, scheduler }) => {
      const overflow = { policy: 'grow' as const, maxInstances: 9 };
      const run = (instances: ShootOptions<string, string>['instances'] & {}) =>
        ticks(every2ms, { scheduler }).pipe(
          zipAmmo('abcd', { scheduler }),
          shoot(echo(scheduler, 5), { scheduler, overflow, instances }),
        );
      expectObservable(run(0)).toBe('-----a-b-c-(d|)');
      expectObservable(run(hot('---i'))).toBe('--------a-b-c-(d|)');
    }),
  );
});

describe('shoot with overflow: grow', () => {
  function grown(plan: Plan, options: Partial<ShootOptions<string, unknown>>, latencyMs: number) {
    const clock = new VirtualClock(1000);
    const gunFactory = new FakeGunFactory<string>({ scheduler: clock, latencyMs });
    const meter = new FiringMeter();
    let result = 'running';
    ticks(plan)
      .pipe(zipAmmo('x'.repeat(9999)), shoot(gunFactory, { scheduler: clock, meter, ...options }))
      .subscribe({
        error: (error: unknown) => {
          result = String(error);
        },
        complete: () => {
          result = 'complete';
        },
      });
    clock.run(100_000);
    return { gunFactory, meter, result };
  }
  const overflow = { policy: 'grow', maxInstances: 50 } as const;

  it('is counted, continues the numbers of instances, and closes every gun once', () => {
    const { gunFactory, meter, result } = grown(
      constPlan({ ops: 100, duration: 1e9 }),
      { overflow, instances: 2, firstInstance: 1, instanceStride: 3 },
      195,
    );
    assert.equal(result, 'complete');
    assert.deepEqual([meter.instances, meter.grown, meter.instancesEnded], [20, 18, 20]);
    assert.deepEqual(
      [...new Set(gunFactory.shots.map(({ instance }) => instance))],
      Array.from({ length: 20 }, (_, i) => 1 + 3 * i),
    );
    assert.ok(gunFactory.shots.every(({ intended, started }) => intended === started));
    assert.deepEqual(gunFactory.closes, Array(20).fill(1));
  });

  it('grows at once for a burst', () => {
    const { meter, gunFactory } = grown(oncePlan({ times: 60 }), { overflow }, 10);
    assert.deepEqual([meter.instances, meter.grown, gunFactory.shots.length], [50, 49, 60]);
  });

  it('does not grow for an unlimited part: none of its shots is due without an instance', () => {
    const part = unlimitedPlan({ duration: 1e9 });
    const { meter, gunFactory } = grown(part, { overflow, instances: 2 }, 100);
    assert.deepEqual([meter.grown, gunFactory.shots.length], [0, 20]);
    const around = grown(compositePlan([oncePlan({ times: 1 }), part, oncePlan({ times: 5 })]), { overflow }, 100);
    assert.deepEqual([around.meter.grown, around.gunFactory.shots.length], [4, 1 + 9 + 5]);
    const aborted = grown(part, { overflow: { policy: 'abort' }, instances: 2 }, 100);
    assert.equal(aborted.result, 'complete');
  });

  it('ends with the error of a gun that cannot be made, and closes the others', () => {
    const clock = new VirtualClock();
    const gunFactory = new FakeGunFactory<string>({
      scheduler: clock,
      latencyMs: 100,
      onMake: ({ instance }) => {
        if (instance === 2) throw new Error('no more');
      },
    });
    let failure: unknown;
    ticks(oncePlan({ times: 5 }))
      .pipe(zipAmmo('abcde'), shoot(gunFactory, { scheduler: clock, overflow }))
      .subscribe({
        error: (error: unknown) => {
          failure = error;
        },
      });
    clock.run();
    assert.match(String(failure), /no more/);
    assert.deepEqual([gunFactory.closes, gunFactory.aborted], [[1, 1], 2]);
  });

  it('does not grow after a drain, and records the shot that waited', () => {
    const clock = new VirtualClock();
    const meter = new FiringMeter();
    const seen: string[] = [];
    ticks(every2ms)
      .pipe(
        zipAmmo('abcd'),
        shoot(echo(clock, 5), {
          scheduler: clock,
          meter,
          unfinished,
          overflow: { policy: 'grow', maxInstances: 9, afterMs: 2 },
          drain: timer(3, clock).pipe(map(() => 100)),
        }),
      )
      .subscribe((ammo) => seen.push(ammo));
    clock.run();
    assert.deepEqual([seen, meter.instances, meter.grown], [['B', 'a'], 1, 0]);
  });

  it('waits for ammo as with any policy', () => {
    const clock = new VirtualClock();
    const meter = new FiringMeter();
    let ended = false;
    const subscription = ticks(oncePlan({ times: 5 }))
      .pipe(zipAmmo(NEVER), shoot(echo(clock, 5), { scheduler: clock, meter, overflow, instances: 0 }))
      .subscribe({
        complete: () => {
          ended = true;
        },
      });
    clock.run(1000);
    assert.deepEqual([ended, meter.instances], [false, 0]);
    subscription.unsubscribe();
  });
});

describe('shoot with overflow: abort', () => {
  it('names the shot, how late it is, the number of instances, and a hint', () => {
    const clock = new VirtualClock();
    const gunFactory = new FakeGunFactory<string>({ scheduler: clock, latencyMs: 1000 });
    const errors: unknown[] = [];
    ticks(constPlan({ ops: 10, duration: 1e9 }))
      .pipe(
        zipAmmo('x'.repeat(10)),
        shoot(gunFactory, { scheduler: clock, instances: 3, overflow: { policy: 'abort', afterMs: 50 } }),
      )
      .subscribe({ error: (error: unknown) => errors.push(error) });
    clock.run();
    const [error] = errors;
    assert.ok(isElpisError(error, 'ELPIS_OVERFLOW'));
    assert.equal(error.message, 'shot 3 has been due for 50 ms and none of the 3 instances is free');
    assert.match(String(error.hint), /add instances.*afterMs/);
    assert.deepEqual([errors.length, gunFactory.aborted, gunFactory.closes], [1, 3, [1, 1, 1]]);
  });

  it('does not act with guns that complete at once, for any number of due shots', () => {
    const clock = new VirtualClock();
    let count = 0;
    ticks(oncePlan({ times: 2000 }))
      .pipe(
        zipAmmo('x'.repeat(2000)),
        shoot({ create: () => ({ shoot: () => of(1) }) }, { scheduler: clock, overflow: { policy: 'abort' } }),
      )
      .subscribe(() => count++);
    clock.run();
    assert.equal(count, 2000);
  });
});
