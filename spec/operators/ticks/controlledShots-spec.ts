import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { concat, NEVER, of, Subject } from 'rxjs';
import type { Plan } from '../../../lib/core/plan.js';
import { compositePlan } from '../../../lib/plans/compositePlan.js';
import { constPlan } from '../../../lib/schedules/const.js';
import { oncePlan } from '../../../lib/schedules/once.js';
import { unlimitedPlan } from '../../../lib/schedules/unlimited.js';
import { FakeGunFactory } from '../../../lib/testing/fakeGuns.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';
import { shoot } from '../../../operators/shots/shoot.js';
import { zipAmmo } from '../../../operators/shots/zipAmmo.js';
import { type Command, command } from '../../../operators/ticks/command.js';
import { control } from '../../../operators/ticks/control.js';
import { ticks } from '../../../operators/ticks/ticks.js';
import { every4ms, type Step } from './steps.js';

describe('control, pulled by shoot', () => {
  function shootWith(plan: Plan, steps: readonly Step[], latencyMs: number, instances = 1) {
    const clock = new VirtualClock();
    const gunFactory = new FakeGunFactory<string>({ scheduler: clock, latencyMs });
    const commands = new Subject<Command>();
    let completedAt: number | undefined;
    const drain = new Subject<number>();
    const subscription = ticks(plan)
      .pipe(control(commands), zipAmmo('x'.repeat(9999)), shoot(gunFactory, { scheduler: clock, instances, drain }))
      .subscribe({
        complete: () => {
          completedAt = clock.now();
        },
      });
    for (const { after, order } of steps) {
      clock.advance(after);
      commands.next(order);
    }
    return { clock, gunFactory, subscription, commands, drain, completedAt: () => completedAt };
  }
  const fired = ({ shots }: FakeGunFactory<string>) => shots.map(({ intended, started }) => [intended, started]);

  it('shoots nothing in a pause, although an instance already waited for the next tick', () => {
    const { gunFactory, clock, completedAt } = shootWith(
      constPlan({ ops: 100, duration: 50e6 }),
      [
        { after: 15, order: command.pause() },
        { after: 100, order: command.resume() },
      ],
      3,
    );
    clock.run();
    assert.deepEqual(
      fired(gunFactory),
      [0, 10, 120, 130, 140].map((at) => [at, at]),
    );
    assert.equal(completedAt(), 150, 'at the end of the plan');
  });

  it('a wait for a far tick is cut short by a higher speed or rate', () => {
    const plan = constPlan({ ops: 0.1, duration: 30e9 });
    const faster = shootWith(plan, [{ after: 5000, order: command.scaleBy(10) }], 3);
    faster.clock.run();
    assert.deepEqual(
      fired(faster.gunFactory),
      [0, 5500, 6500].map((at) => [at, at]),
    );
    const rated = shootWith(plan, [{ after: 5000, order: command.setRate(0.2) }], 3);
    rated.clock.run();
    assert.deepEqual(
      fired(rated.gunFactory),
      [0, 7500, 12_500, 17_500, 22_500, 27_500].map((at) => [at, at]),
    );
  });

  it('an overdue tick keeps its moment through a new rate and speed, and is shifted by a pause', () => {
    const plan = constPlan({ ops: 100, duration: 60e6 });
    const hurried = shootWith(
      plan,
      [
        { after: 25, order: command.scaleBy(2) },
        { after: 5, order: command.setRate(50) },
      ],
      40,
    );
    hurried.clock.run();
    // Plan time is 25 at 25, 35 at 30; from there a tick per 20 real ms, the first after half of that, to 60 at 42.5.
    assert.deepEqual(fired(hurried.gunFactory), [
      [0, 0],
      [10, 40],
      [20, 80],
      [27.5, 120],
      [40, 160],
    ]);
    const paused = shootWith(
      plan,
      [
        { after: 25, order: command.pause() },
        { after: 100, order: command.resume() },
      ],
      40,
    );
    paused.clock.run();
    assert.deepEqual(fired(paused.gunFactory), [
      [0, 0],
      [110, 125],
      [120, 165],
      [130, 205],
      [140, 245],
      [150, 285],
    ]);
  });

  it('stop ends the run when overdue shots and shots under way have ended', () => {
    const plan = constPlan({ ops: 100, duration: 1e9 });
    const { gunFactory, clock, completedAt } = shootWith(plan, [{ after: 25, order: command.stop() }], 40);
    clock.run();
    assert.deepEqual(fired(gunFactory), [
      [0, 0],
      [10, 40],
      [20, 80],
    ]);
    assert.deepEqual([completedAt(), gunFactory.closes], [120, [1]]);
  });

  it('an unlimited plan is paused, and then shot by the rate that is set', () => {
    const plan = compositePlan([unlimitedPlan({ duration: 100e6 })]);
    const { gunFactory, clock, completedAt } = shootWith(
      plan,
      [
        { after: 35, order: command.pause() },
        { after: 100, order: command.resume() },
        { after: 25, order: command.setRate(50) },
      ],
      10,
    );
    clock.run();
    assert.deepEqual(
      fired(gunFactory),
      [0, 10, 20, 30, 135, 145, 155, 170, 190].map((at) => [at, at]),
    );
    assert.equal(completedAt(), 200);
  });

  it('drains and unsubscribes in a pause', () => {
    const paused = [{ after: 15, order: command.pause() }];
    const drained = shootWith(every4ms, paused, 100);
    drained.clock.advance(5);
    drained.drain.next(1000);
    drained.clock.run();
    assert.deepEqual([drained.completedAt(), drained.gunFactory.closes], [100, [1]]);
    const left = shootWith(every4ms, paused, 100);
    left.subscription.unsubscribe();
    assert.deepEqual([left.commands.observed, left.gunFactory.aborted], [false, 1]);
  });

  it('ends when the plan is over and no ammo arrives, as without control', () => {
    const clock = new VirtualClock();
    let completedAt: number | undefined;
    const ammo = concat(of('a'), NEVER);
    ticks(compositePlan([oncePlan({ times: 1 }), constPlan({ ops: 0, duration: 50e6 })]))
      .pipe(control(NEVER), zipAmmo(ammo), shoot(new FakeGunFactory({ scheduler: clock }), { scheduler: clock }))
      .subscribe({
        complete: () => {
          completedAt = clock.now();
        },
      });
    clock.run();
    assert.equal(completedAt, 50);
  });
});
