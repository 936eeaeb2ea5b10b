import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NEVER, Observable, type Observer, of, Subject } from 'rxjs';
import { constPlan } from '../../../lib/schedules/const.js';
import { oncePlan } from '../../../lib/schedules/once.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';
import { shoot } from '../../../operators/shots/shoot.js';
import { zipAmmo } from '../../../operators/shots/zipAmmo.js';
import { ticks } from '../../../operators/ticks/ticks.js';
import { asShots, boom, endOf, run, type Setup } from './runShots.js';

describe('shoot, when a gun breaks the contract of its observer', () => {
  const into = (act: (observer: Observer<string>, clock: VirtualClock, ammo: string) => void): Setup => ({
    shots: (clock) => ticks(constPlan({ ops: 100, duration: 20e6 }), { scheduler: clock }).pipe(zipAmmo('ab')),
    instances: 1,
    create: (_, clock) => ({
      shoot: () => NEVER,
      shootInto: (ammo, __, observer) => {
        act(observer, clock, ammo);
        return { unsubscribe: () => undefined };
      },
    }),
  });
  const TABLE: readonly [what: string, act: Parameters<typeof into>[0]][] = [
    ['next after complete', (o, _, ammo) => [o.next(ammo), o.complete(), o.next('late')]],
    ['two completes', (o, _, ammo) => [o.next(ammo), o.complete(), o.complete()]],
    ['an error after complete', (o, _, ammo) => [o.next(ammo), o.complete(), o.error(new Error('late'))]],
    [
      'late calls in a later turn',
      (o, clock, ammo) => [
        clock.schedule(() => [o.next(ammo), o.complete(), o.complete()], 1),
        clock.schedule(() => [o.next('late'), o.error(new Error('late')), o.complete()], 2),
      ],
    ],
  ];
  for (const [what, act] of TABLE) {
    it(`${what}: ignored`, () => {
      const { log, meter } = run(into(act));
      assert.deepEqual(log, ['a', 'b', 'complete']);
      assert.deepEqual([meter.requests, meter.responses, meter.emptyShots], [2, 2, 0]);
    });
  }

  it('two completes while another shot waits for the instance: it is not ended by the second', () => {
    const { log, meter } = run({
      ...into((o, clock, ammo) => {
        clock.schedule(() => [o.next(ammo), o.complete(), o.complete()], 25);
      }),
      overflow: { policy: 'grow', maxInstances: 2, afterMs: 1000 },
    });
    assert.deepEqual([log, meter.emptyShots], [['a', 'b', 'complete'], 0]);
  });

  it('an exception after its completion is the error', () => {
    const { log } = run(into((o) => [o.complete(), boom('after')]));
    assert.equal(endOf(log).message, 'after');
  });

  it('counts shots that complete without a sample', () => {
    const { log, meter } = run(into((o) => o.complete()));
    assert.deepEqual([log, meter.responses, meter.emptyShots], [['complete'], 2, 2]);
  });
});

describe('shoot, re-entrancy and turns', () => {
  it('shots that arrive while a sample is handled are fired, one after another', () => {
    const seen: string[] = [];
    const clock = new VirtualClock();
    const guns = { create: () => ({ shoot: (ammo: string) => of(ammo) }) };
    const input = new Subject<string>();
    asShots(input)
      .pipe(shoot(guns, { scheduler: clock }))
      .subscribe((ammo) => {
        if (ammo === 'a') {
          input.next('b');
          input.next('c');
        }
        seen.push(ammo);
      });
    clock.run(2000);
    input.next('a');
    clock.run(3000);
    assert.deepEqual(seen, ['a', 'b', 'c']);
  });

  it('the next shots of all instances that became free in a turn are fired together, at its end', () => {
    const clock = new VirtualClock();
    const order: string[] = [];
    const guns = {
      create: ({ instance }: { readonly instance: number }) => ({
        shoot: (ammo: string) => {
          order.push(`fire ${ammo}`);
          return new Observable<string>((observer) => {
            clock.schedule(() => {
              order.push(`end ${instance}`);
              observer.complete();
            }, 10);
          });
        },
      }),
    };
    const shots = ticks(oncePlan({ times: 4 }), { scheduler: clock }).pipe(zipAmmo('abcd'));
    shots.pipe(shoot(guns, { scheduler: clock, instances: 2 })).subscribe();
    clock.run(15);
    assert.deepEqual(order, ['fire a', 'fire b', 'end 0', 'end 1', 'fire c', 'fire d']);
  });

  it('fires 512 shots in one turn, then lets the event loop run', () => {
    const clock = new VirtualClock();
    let fired = 0;
    const guns = { create: () => ({ shoot: () => of(fired++) }) };
    const shots = ticks(oncePlan({ times: 1500 })).pipe(zipAmmo('x'.repeat(1500)));
    const turns: number[] = [];
    shots.pipe(shoot(guns, { scheduler: clock })).subscribe();
    do turns.push(fired);
    while (clock.runSome(1) > 0);
    assert.deepEqual(turns, [512, 1024, 1500]);
  });

  it('two subscriptions are two runs', () => {
    const clock = new VirtualClock();
    let made = 0;
    const guns = { create: () => ({ shoot: (ammo: string) => of(`${ammo}${made}`), n: made++ }) };
    const shots = ticks(oncePlan({ times: 2 })).pipe(zipAmmo('ab'), shoot(guns, { scheduler: clock }));
    const seen: string[] = [];
    shots.subscribe((sample) => seen.push(sample));
    shots.subscribe((sample) => seen.push(sample));
    clock.run();
    assert.deepEqual(seen, ['a1', 'b1', 'a2', 'b2']);
  });
});
