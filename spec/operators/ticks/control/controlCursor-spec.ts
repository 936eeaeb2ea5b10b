import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NEVER, Subject } from 'rxjs';
import { DONE, PENDING } from '../../../../lib/core/cursor.js';
import type { Plan, Tick } from '../../../../lib/core/plan.js';
import { constPlan } from '../../../../lib/schedules/const.js';
import { oncePlan } from '../../../../lib/schedules/once.js';
import { unlimitedPlan } from '../../../../lib/schedules/unlimited.js';
import { VirtualClock } from '../../../../lib/time/virtualClock.js';
import { type Command, command } from '../../../../operators/ticks/command.js';
import { ControlCursor } from '../../../../operators/ticks/control/controlCursor.js';
import { ticks } from '../../../../operators/ticks/ticks.js';

/** A tick each 10 ms, up to 30 ms. */
const THREE = constPlan({ ops: 100, duration: 30e6 });

function open(plan: Plan = THREE) {
  const clock = new VirtualClock();
  const commands = new Subject<Command>();
  return { clock, commands, cursor: new ControlCursor(ticks(plan), commands, clock, {}) };
}

/** Pushed ticks whose source can be failed, with what is dropped. */
function pushed(onDiscard?: (tick: Tick) => void) {
  const clock = new VirtualClock();
  const source = new Subject<Tick>();
  const commands = new Subject<Command>();
  const dropped: number[] = [];
  const discard = onDiscard ?? (({ index }: Tick) => dropped.push(index));
  const cursor = new ControlCursor(source, commands, clock, { backlog: { onDiscard: discard } });
  return { clock, source, commands, dropped, cursor };
}

describe('ControlCursor', () => {
  it('is pushed: its ticks arrive at their own time', () => assert.equal(open().cursor.pushed, true));

  it('reads the clock once for many ticks that are due', () => {
    const clock = new VirtualClock(1000);
    let readings = 0;
    const schedule: VirtualClock['schedule'] = (...args) => clock.schedule(...args);
    const counted = { schedule, now: () => clock.now() + 0 * readings++ };
    const plan = constPlan({ ops: 1000, duration: 1e9 });
    const cursor = new ControlCursor(ticks(plan, { startAt: 0 }), NEVER, counted, {});
    for (let i = 0; i < 10; i++) cursor.poll();
    const before = readings;
    for (let i = 10; i < 900; i++) assert.equal((cursor.poll() as Tick).index, i);
    assert.equal(readings, before);
    cursor.close();
  });

  it('wakes once, when the next tick is due, and earlier for a command', () => {
    const { clock, commands, cursor } = open();
    cursor.poll();
    assert.equal(cursor.poll(), PENDING);
    const wakes: number[] = [];
    cursor.whenReady(() => wakes.push(clock.now()));
    clock.advance(5);
    commands.next(command.scaleBy(5));
    clock.advance(100);
    assert.deepEqual(wakes, [5], 'the timer for 10 ms is gone');
  });

  it('wakes when the next tick has become due between the poll and the wait', () => {
    const virtual = new VirtualClock();
    let laterMs = 0;
    const clock = { now: () => virtual.now() + laterMs, schedule: virtual.schedule.bind(virtual) };
    const cursor = new ControlCursor(ticks(THREE), NEVER, clock, {});
    cursor.poll();
    assert.equal(cursor.poll(), PENDING);
    laterMs = 10.5;
    let woken = false;
    cursor.whenReady(() => {
      woken = true;
    });
    virtual.run();
    assert.equal(woken, true);
  });

  it('returns that nothing is left only when the time of the plan is over, too', () => {
    const { clock, cursor } = open();
    for (const at of [0, 10, 20]) {
      clock.run(at);
      assert.deepEqual(cursor.poll(), { index: at / 10, at });
      assert.equal(cursor.left(), undefined, `at ${at}`);
    }
    clock.run(29);
    assert.equal(cursor.left(), undefined, 'a command may still change it');
    clock.run(30);
    assert.equal(cursor.left(), 0);
    assert.deepEqual([cursor.poll(), cursor.left()], [DONE, 0]);
  });

  it('wakes at the end of the plan, without a poll before', () => {
    const { clock, cursor } = open();
    for (const at of [0, 10, 20]) {
      clock.run(at);
      cursor.poll();
    }
    const wakes: number[] = [];
    cursor.whenReady(() => wakes.push(clock.now()));
    clock.run(100);
    assert.deepEqual(wakes, [30]);
  });

  it('is on demand like its source, until a rate replaces the source', () => {
    const { clock, commands, cursor } = open(unlimitedPlan({ duration: 1e9 }));
    cursor.poll();
    assert.equal(cursor.onDemand(), true);
    commands.next(command.setRate(10));
    assert.equal(cursor.onDemand(), false, 'a rate that was not followed yet');
    clock.advance(1);
    cursor.poll();
    assert.equal(cursor.onDemand(), false);
    assert.equal(open().cursor.onDemand(), false);
  });

  it('drops pushed ticks when the commands fail, the held one first, and throws that failure', () => {
    const { source, commands, cursor, dropped } = pushed();
    for (const index of [0, 1, 2]) source.next({ index, at: 50 });
    assert.equal(cursor.poll(), PENDING, 'tick 0 is held until 50');
    commands.error(new Error('commands'));
    assert.equal(cursor.left(), 0);
    assert.throws(() => cursor.poll(), /commands/);
    assert.deepEqual(dropped, [0, 1, 2]);
  });

  it('throws the failure of onDiscard instead', () => {
    const { source, commands, cursor } = pushed(() => assert.fail('full'));
    source.next({ index: 0, at: 0 });
    commands.error(new Error('commands'));
    assert.throws(() => cursor.poll(), /full/);
  });

  it('emits a held tick before the failure of its source', () => {
    const { clock, source, cursor, dropped } = pushed();
    source.next({ index: 0, at: 50 });
    cursor.poll();
    source.error(new Error('source'));
    clock.run(50);
    assert.deepEqual(cursor.poll(), { index: 0, at: 50 });
    assert.throws(() => cursor.poll(), /source/);
    assert.deepEqual(dropped, []);
  });

  it('keeps the first of two failures, and executes no command after an invalid one', () => {
    const { commands, cursor } = open();
    commands.next(command.check({ type: 'pause' }));
    commands.next({ type: 'scale', factor: 0 });
    assert.equal(commands.observed, false);
    assert.throws(() => cursor.poll(), /the factor cannot be 0/);
  });

  it('closes its source, its commands and its timer, and does not wake again', () => {
    const { clock, source, commands, cursor } = pushed();
    source.next({ index: 0, at: 50 });
    cursor.poll();
    let wakes = 0;
    cursor.whenReady(() => wakes++);
    cursor.close();
    clock.run(100);
    assert.deepEqual(
      [source.observed, commands.observed, wakes, cursor.left(), cursor.finish()],
      [false, false, 0, 0, undefined],
    );
  });

  it('returns a tick that was given back before the others', () => {
    const cursor = new ControlCursor(ticks(oncePlan({ times: 2 })), NEVER, new VirtualClock(), {});
    const first = cursor.poll() as Tick;
    cursor.giveBack(first);
    assert.deepEqual([cursor.poll(), cursor.poll()], [first, { index: 1, at: 0 }]);
  });
});
