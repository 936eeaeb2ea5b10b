import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { catchError, map, type Observable, type Observer, of, type SchedulerLike, throwError, timer } from 'rxjs';
import type { Shot } from '../../../lib/core/shot.js';
import { constPlan } from '../../../lib/schedules/const.js';
import { oncePlan } from '../../../lib/schedules/once.js';
import { FakeGunFactory } from '../../../lib/testing/fakeGuns.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';
import { FiringMeter } from '../../../operators/firing/meter.js';
import { shoot } from '../../../operators/shots/shoot.js';
import { zipAmmo } from '../../../operators/shots/zipAmmo.js';
import { ticks } from '../../../operators/ticks/ticks.js';
import { marbles } from '../marbles.js';

const shots = (source: Observable<string>): Observable<Shot<string>> =>
  source.pipe(map((ammo) => ({ index: 0, at: 0, ammo, instance: -1, started: 0, slotWait: 0 })));
const echo = (scheduler: SchedulerLike, ms: number) => ({
  create: () => ({ shoot: (ammo: string) => timer(ms, scheduler).pipe(map(() => ammo)) }),
});

describe('shoot', () => {
  it(
    'shoots one shot at a time per instance',
    marbles(({ hot, expectObservable, expectSubscriptions, scheduler }) => {
      const e1 = hot('   -a-b-c|');
      const e1subs = '   ^-----!';
      const expected = ' ----a--b--(c|)';
      expectObservable(shots(e1).pipe(shoot(echo(scheduler, 3), { scheduler }))).toBe(expected);
      expectSubscriptions(e1.subscriptions).toBe(e1subs);
    }),
  );

  it(
    'shoots with several instances at once',
    marbles(({ hot, expectObservable, scheduler }) => {
      const e1 = hot('   -a-b-c|');
      const expected = ' ----a-b-(c|)';
      expectObservable(shots(e1).pipe(shoot(echo(scheduler, 3), { scheduler, instances: 2 }))).toBe(expected);
    }),
  );

  it(
    'starts instances as their stream emits',
    marbles(({ hot, expectObservable, scheduler }) => {
      const e1 = hot('      (abc|)');
      const instances = hot('--i-i|');
      const expected = '    -----a-b(c|)';
      expectObservable(shots(e1).pipe(shoot(echo(scheduler, 3), { scheduler, instances }))).toBe(expected);
    }),
  );

  it(
    'completes at once without shots, and without instances',
    marbles(({ hot, cold, expectObservable, scheduler }) => {
      expectObservable(shots(cold('|')).pipe(shoot(echo(scheduler, 3), { scheduler }))).toBe('|');
      expectObservable(shots(hot('-a')).pipe(shoot(echo(scheduler, 3), { scheduler, instances: 0 }))).toBe('|');
    }),
  );

  it(
    'never completes while the shots never do',
    marbles(({ hot, expectObservable, scheduler }) => {
      expectObservable(shots(hot('-a-')).pipe(shoot(echo(scheduler, 1), { scheduler }))).toBe('--a-');
    }),
  );

  it(
    'passes on every sample of a shot, or none',
    marbles(({ hot, expectObservable, scheduler }) => {
      const twice = { create: () => ({ shoot: (ammo: string) => (ammo === 'b' ? [] : [ammo, ammo]) }) };
      expectObservable(shots(hot('-a----b-----(c|)')).pipe(shoot(twice, { scheduler }))).toBe('-(aa)-------(cc|)');
    }),
  );

  it(
    'prefers shootInto if a gun has it, and aborts such shots too',
    marbles(({ hot, expectObservable, scheduler }) => {
      const aborted: string[] = [];
      const into = {
        create: () => ({
          shoot: (): never => {
            throw new Error('not called');
          },
          shootInto: (ammo: string, _: Shot<string>, observer: Observer<string>) => {
            const response = timer(4, scheduler).subscribe(() => {
              observer.next(ammo);
              observer.next(ammo);
              observer.complete();
            });
            return { unsubscribe: () => (response.closed ? undefined : aborted.push(ammo)) && response.unsubscribe() };
          },
        }),
      };
      const e1 = hot('   -a----b-c|');
      const unsub = '    ---------!';
      const expected = ' -----(aa)-';
      expectObservable(shots(e1).pipe(shoot(into, { scheduler, instances: 2 })), unsub).toBe(expected);
      scheduler.schedule(() => assert.deepEqual(aborted.sort(), ['b', 'c']), 10);
    }),
  );

  it(
    'passes on an error of the shots, of a gun, and of a gun that throws; other shots are aborted',
    marbles(({ hot, expectObservable, scheduler }) => {
      const fails = (fail: (ammo: string) => Observable<string>) => ({
        create: () => ({
          shoot: (ammo: string) => (ammo === 'b' ? fail(ammo) : timer(5, scheduler).pipe(map(() => ammo))),
        }),
      });
      expectObservable(shots(hot('-a-#')).pipe(shoot(echo(scheduler, 1), { scheduler }))).toBe('--a#');
      const errors = fails(() => throwError(() => 'error'));
      expectObservable(shots(hot('-a-b')).pipe(shoot(errors, { scheduler, instances: 2 }))).toBe('---#');
      const throws = fails(() => {
        throw 'error';
      });
      expectObservable(shots(hot('-a-b')).pipe(shoot(throws, { scheduler, instances: 2 }))).toBe('---#');
    }),
  );

  it(
    'aborts shots under way when it is unsubscribed from',
    marbles(({ hot, expectObservable, expectSubscriptions, scheduler }) => {
      const e1 = hot('   -a-b-c|');
      const subs = '     ^--!';
      expectObservable(shots(e1).pipe(shoot(echo(scheduler, 3), { scheduler })), subs).toBe('---');
      expectSubscriptions(e1.subscriptions).toBe(subs);
    }),
  );

  it(
    'drains: no new shots, shots under way finish within the limit',
    marbles(({ hot, expectObservable, scheduler }) => {
      const e1 = hot('     -a-b-c-d-');
      const drain = hot('  ----d').pipe(map(() => 10));
      const expected = '   ----a-(b|)';
      expectObservable(shots(e1).pipe(shoot(echo(scheduler, 3), { scheduler, instances: 9, drain }))).toBe(expected);
    }),
  );

  it(
    'records shots beyond the limit as unfinished',
    marbles(({ hot, expectObservable, scheduler }) => {
      const e1 = hot('     -a-b-');
      const drain = hot('  ----d').pipe(map(() => 1));
      const unfinished = ({ ammo }: Shot<string>): string => ammo.toUpperCase();
      const expected = '   -----(AB|)';
      expectObservable(shots(e1).pipe(shoot(echo(scheduler, 9), { scheduler, instances: 9, drain, unfinished }))).toBe(
        expected,
      );
    }),
  );

  it('keeps the plan with any number of shots in flight, and counts', () => {
    const clock = new VirtualClock();
    const gunFactory = new FakeGunFactory({ scheduler: clock, latencyMs: 10_000 });
    const meter = new FiringMeter();
    let most = 0;
    ticks(constPlan({ ops: 500, duration: 20e9 }))
      .pipe(
        zipAmmo({
          *[Symbol.iterator]() {
            for (;;) yield 'a';
          },
        }),
        shoot(gunFactory, { scheduler: clock, instances: 6000, meter }),
      )
      .subscribe(() => {
        most = Math.max(most, meter.inFlight);
      });
    clock.run();
    assert.deepEqual(
      [meter.requests, meter.responses, meter.instances, meter.instancesEnded],
      [10_000, 10_000, 6000, 6000],
    );
    assert.ok(most >= 4999 && most <= 5001, String(most));
    assert.ok(gunFactory.shots.every(({ intended, started }) => intended === started));
  });

  it('yields to the event loop when guns complete at once', () => {
    const clock = new VirtualClock();
    const gunFactory = new FakeGunFactory({ scheduler: clock });
    ticks(oncePlan({ times: 2000 }))
      .pipe(zipAmmo('x'.repeat(3000)), shoot(gunFactory, { scheduler: clock }))
      .subscribe();
    assert.equal(gunFactory.shots.length, 512);
    clock.run();
    assert.equal(gunFactory.shots.length, 2000);
  });
});

describe('shoot, when it is drained with a huge backlog', () => {
  it('records the backlog as unfinished a part per turn, so that reporters can keep up', () => {
    const clock = new VirtualClock();
    const gunFactory = new FakeGunFactory<string>({ scheduler: clock, latencyMs: 1e9 });
    const meter = new FiringMeter();
    let completed = false;
    const drain = timer(5, clock).pipe(map(() => 0));
    ticks(oncePlan({ times: 5000 }))
      .pipe(zipAmmo('x'.repeat(6000)), shoot(gunFactory, { scheduler: clock, drain, meter }))
      .subscribe({
        complete: () => {
          completed = true;
        },
      });
    clock.schedule(() => assert.equal(meter.unfinished, 512, 'in its first turn'), 5);
    clock.run(5);
    assert.deepEqual([meter.unfinished, gunFactory.shots.length, completed], [5000, 1, true]);
  });
});

describe('shoot, when shots are pushed and no instance is free', () => {
  const discarded = ({ ammo }: Shot<string>): string => ammo.toUpperCase();

  it(
    'keeps them in the backlog, then fails',
    marbles(({ hot, expectObservable, scheduler }) => {
      const options = { scheduler, backlog: { capacity: 2 } };
      expectObservable(
        shots(hot('-abcd')).pipe(
          shoot(echo(scheduler, 9), options),
          catchError(() => of('x')),
        ),
      ).toBe('----(x|)');
    }),
  );

  it(
    'queue: keeps them in the backlog and discards those that arrive when it is full',
    marbles(({ hot, expectObservable, scheduler }) => {
      const options = { scheduler, discarded, backlog: { capacity: 1, overflow: 'queue' as const } };
      expectObservable(shots(hot('-abc---|')).pipe(shoot(echo(scheduler, 3), options))).toBe('---Ca--(b|)');
    }),
  );

  it(
    'discard: discards all',
    marbles(({ hot, expectObservable, scheduler }) => {
      const options = { scheduler, discarded, backlog: { overflow: 'discard' as const } };
      expectObservable(shots(hot('-ab--c-|')).pipe(shoot(echo(scheduler, 3), options))).toBe('--B-a---(c|)');
    }),
  );
});
