import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EMPTY, lastValueFrom, Observable, of, Subject, throwError, toArray } from 'rxjs';
import type { Share } from '../../../lib/core/deps.js';
import type { GunFactory } from '../../../lib/core/gun.js';
import type { Plan } from '../../../lib/core/plan.js';
import { MOST_EARLY, openEarly } from '../../../lib/engine/openEarly.js';
import type { Pool } from '../../../lib/engine/pool.js';
import { runPool } from '../../../lib/engine/runPool.js';
import { compositePlan } from '../../../lib/plans/compositePlan.js';
import { timesPlan } from '../../../lib/plans/timesPlan.js';
import type { NetSample } from '../../../lib/protocols/netSample.js';
import { constPlan } from '../../../lib/schedules/const.js';
import { unlimitedPlan } from '../../../lib/schedules/unlimited.js';
import { FakeGunFactory } from '../../../lib/testing/fakeGuns.js';
import { FakeProvider } from '../../../lib/testing/fakeProvider.js';
import { VirtualClock } from '../../../lib/testing/index.js';
import { realTimeScheduler } from '../../../lib/time/realTime.js';
import { ticks } from '../../../operators/ticks/ticks.js';

const at0 = (count: number): Plan => timesPlan(new Array<number>(count).fill(0), 0);
const perSecond = (ops: number, seconds = 10): Plan => constPlan({ ops, duration: seconds * 1e9 });

function poolOf(instances: Plan | undefined, plan: Plan | undefined, options: Partial<Pool> = {}): Pool {
  return {
    ...{ id: 'p', gun: 'fake', provider: new FakeProvider<unknown>(), aggregators: [], rpsPerInstance: false },
    ...{ rps: () => EMPTY, startup: EMPTY, openEarly: true },
    ...(instances === undefined ? {} : { instances }),
    ...(plan === undefined ? {} : { plan }),
    gunFactory: { create: () => ({ shoot: () => EMPTY }) },
    ...options,
  };
}

/** How many guns a pool opens early; undefined when its factory is not called. */
function openedBy(pool: Pool): number | undefined {
  let opened: number | undefined;
  const gunFactory = {
    ...pool.gunFactory,
    openEarly: (guns: number) => {
      opened = guns;
      return EMPTY;
    },
  };
  openEarly({ ...pool, gunFactory }, new VirtualClock()).subscribe();
  return opened;
}

describe('openEarly', () => {
  const share = (index: number, of: number): Share => ({ index, of });
  const rows: readonly (readonly [sentence: string, pool: Pool, guns: number | undefined])[] = [
    ['all instances, when the first second has more shots', poolOf(at0(64), perSecond(1000)), 64],
    ['the shots of the first second, when there are more instances', poolOf(at0(64), perSecond(10)), 10],
    ['the instances that start in the first second', poolOf(timesPlan([0, 5e8, 1e9, 2e9], 2e9), perSecond(1000)), 2],
    ['at most 256', poolOf(at0(5000), perSecond(5000)), MOST_EARLY],
    ['at most 256 in each share', poolOf(at0(5000), perSecond(5000), { share: share(1, 2) }), MOST_EARLY],
    ['the part of the share', poolOf(at0(5), perSecond(1000), { share: share(1, 2) }), 2],
    ['each instance with its own plan', poolOf(at0(7), perSecond(1), { rpsPerInstance: true }), 7],
    ['nothing for a plan without a shot', poolOf(at0(7), timesPlan([], 1e9), { rpsPerInstance: true }), undefined],
    ['nothing for a first shot after a second', poolOf(at0(7), timesPlan([1e9], 2e9)), undefined],
    ['nothing for a closed loop', poolOf(at0(7), unlimitedPlan({ duration: 1e9 })), undefined],
    [
      'the instances, when a closed loop comes after a rate',
      poolOf(at0(7), compositePlan([perSecond(1000, 1), unlimitedPlan({ duration: 1e9 })])),
      7,
    ],
    ['nothing when the plan is unknown', poolOf(at0(7), undefined), undefined],
    ['nothing when the start of the instances is unknown', poolOf(undefined, perSecond(1000)), undefined],
    ['nothing unless the pool asks for it', poolOf(at0(7), perSecond(1000), { openEarly: false }), undefined],
  ];
  for (const [sentence, pool, guns] of rows)
    it(`opens ${sentence}`, () => {
      assert.equal(openedBy(pool), guns);
    });

  const opening = (open: NonNullable<GunFactory<unknown, NetSample>['openEarly']>): Pool =>
    poolOf(at0(1), perSecond(1), { gunFactory: { create: () => ({ shoot: () => EMPTY }), openEarly: open } });

  it('ends after a second, and unsubscribes', () => {
    const clock = new VirtualClock();
    const log: string[] = [];
    const silent = new Observable(() => () => log.push('unsubscribed'));
    openEarly(
      opening(() => silent),
      clock,
    ).subscribe({ complete: () => log.push('complete') });
    clock.run(999);
    assert.deepEqual(log, []);
    clock.run(1000);
    assert.deepEqual(log.sort(), ['complete', 'unsubscribed']);
  });

  for (const [sentence, open] of [
    ['an error', () => throwError(() => new Error('no'))],
    [
      'an exception',
      () => {
        throw new Error('no');
      },
    ],
    ['values', () => of(1, 2)],
  ] as const)
    it(`completes without a value: ${sentence}`, () => {
      const seen: unknown[] = [];
      openEarly(opening(open), new VirtualClock()).subscribe({
        next: (value) => seen.push(value),
        complete: () => seen.push('complete'),
      });
      assert.deepEqual(seen, ['complete']);
    });
});

describe('a pool whose guns connect early', () => {
  function setUp(scheduler: typeof realTimeScheduler) {
    const log: string[] = [];
    const guns = new FakeGunFactory<unknown>({ scheduler });
    const gunFactory: GunFactory<unknown, NetSample> = {
      warmUp: () => {
        log.push('warm-up');
        return EMPTY;
      },
      openEarly: (count) => {
        log.push(`open ${count}`);
        return EMPTY;
      },
      create: (context) => {
        log.push('create');
        return guns.create(context);
      },
    };
    const startup = at0(1);
    const pool = poolOf(startup, at0(1), {
      gunFactory,
      startup: ticks(startup, { scheduler }),
      rps: () => ticks(startup, { scheduler }),
    });
    const barrier = () => {
      log.push('barrier');
      return of(0);
    };
    return { log, pool, barrier };
  }

  it('opens them after the warm-up, and before the common start', async () => {
    const { log, pool, barrier } = setUp(realTimeScheduler);
    await lastValueFrom(runPool(pool, { barrier }).pipe(toArray()));
    assert.deepEqual(log, ['warm-up', 'open 1', 'barrier', 'create']);
  });

  it('opens none in virtual time', () => {
    const clock = new VirtualClock();
    const { log, pool, barrier } = setUp(clock);
    runPool(pool, { barrier, scheduler: clock }).subscribe();
    clock.run(5000);
    assert.deepEqual(log, ['warm-up', 'barrier', 'create']);
  });

  it('stops to open at a drain', () => {
    const { log, pool } = setUp(realTimeScheduler);
    const gunFactory = { ...pool.gunFactory, openEarly: () => new Observable(() => () => log.push('stopped')) };
    const drain = new Subject<number>();
    const running = runPool({ ...pool, gunFactory }, { drain }).subscribe();
    assert.ok(!log.includes('stopped'));
    drain.next(0);
    assert.ok(log.includes('stopped'));
    running.unsubscribe();
  });
});
