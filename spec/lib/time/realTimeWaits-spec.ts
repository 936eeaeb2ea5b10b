import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { SchedulerAction, SchedulerLike } from 'rxjs';
import { precise, realTimeScheduler } from '../../../lib/time/realTime.js';

/** The kind of wait: a timer with its length in milliseconds, or the end of the turn. */
interface Waiting {
  readonly ms: number | 'turn';
  readonly call: () => void;
}

/**
 * Replaces the timers and the clock of Node: the test advances time. A timer may fire up to 1 ms before its time, as
 * Node's do.
 */
class HandTime {
  now = 0;
  readonly waiting: Waiting[] = [];
  readonly #real = { setTimeout, clearTimeout, setImmediate, clearImmediate };
  readonly #clock = Object.getOwnPropertyDescriptor(performance, 'now');

  install(): void {
    const wait = (call: () => void, ms: number | 'turn'): Waiting => {
      const entry = { ms, call };
      this.waiting.push(entry);
      return entry;
    };
    const forget = (entry: Waiting): void => {
      const at = this.waiting.indexOf(entry);
      if (at >= 0) this.waiting.splice(at, 1);
    };
    Object.assign(globalThis, { setTimeout: wait, clearTimeout: forget, clearImmediate: forget });
    Object.assign(globalThis, { setImmediate: (call: () => void) => wait(call, 'turn') });
    Object.defineProperty(performance, 'now', { configurable: true, value: () => this.now });
  }

  remove(): void {
    Object.assign(globalThis, this.#real);
    if (this.#clock === undefined) Reflect.deleteProperty(performance, 'now');
    else Object.defineProperty(performance, 'now', this.#clock);
  }

  /** Runs the pending wait at a moment. Returns its kind. */
  wakeAt(now: number): number | 'turn' | undefined {
    this.now = now;
    const next = this.waiting.shift();
    next?.call();
    return next?.ms;
  }

  lengths(): (number | 'turn')[] {
    return this.waiting.map(({ ms }) => ms);
  }
}

describe('the waits of real time', () => {
  let time: HandTime;
  let ran: number[];
  const wait = (scheduler: SchedulerLike, delay?: number) => scheduler.schedule(() => ran.push(time.now), delay);
  beforeEach(() => {
    ran = [];
    time = new HandTime();
    time.install();
  });
  afterEach(() => time.remove());

  for (const [name, scheduler] of [
    ['realTimeScheduler', realTimeScheduler],
    ['precise(realTimeScheduler)', precise(realTimeScheduler)],
  ] as const) {
    it(`${name}: without a delay waits for the end of the turn, not for a timer`, () => {
      wait(scheduler);
      assert.deepEqual(time.lengths(), ['turn']);
      time.wakeAt(0);
      assert.deepEqual([ran, time.lengths()], [[0], []]);
    });

    it(`${name}: every turn of a wait calls the same function, so that polling makes no closures`, () => {
      wait(scheduler, 0.7);
      const calls = new Set<() => void>();
      for (const now of [0.1, 0.2, 0.3]) {
        calls.add((time.waiting[0] as Waiting).call);
        time.wakeAt(now);
      }
      assert.deepEqual([calls.size, ran], [1, []]);
    });

    it(`${name}: after an unsubscribe it has no timer`, () => {
      for (const delay of [0, 40]) wait(scheduler, delay).unsubscribe();
      assert.deepEqual([ran, time.lengths()], [[], []]);
    });

    it(`${name}: work that has ended does not schedule itself again`, () => {
      scheduler.schedule(function () {
        ran.push(time.now);
        this.unsubscribe();
        this.schedule(undefined, 5);
      });
      time.wakeAt(0);
      assert.deepEqual([ran, time.lengths()], [[0], []]);
    });

    it(`${name}: work that schedules itself without a delay waits for the end of the turn`, () => {
      scheduler.schedule(function () {
        if (ran.push(time.now) === 1) this.schedule();
      });
      time.wakeAt(0);
      assert.deepEqual(time.lengths(), ['turn']);
      time.wakeAt(0.5);
      assert.deepEqual([ran, time.lengths()], [[0, 0.5], []]);
    });

    it(`${name}: scheduled again before its time, it drops the previous wait`, () => {
      let action: SchedulerAction<unknown> | undefined;
      scheduler.schedule(function () {
        action = this;
        this.schedule(undefined, 40);
      });
      time.wakeAt(0);
      assert.equal(time.lengths().length, 1);
      action?.schedule(undefined, 0);
      assert.deepEqual(time.lengths(), ['turn']);
    });

    it(`${name}: a delay longer than a timer can be, 24.8 days, is waited for in parts`, () => {
      const longest = 2 ** 31 - 1;
      wait(scheduler, longest + 5000);
      assert.equal(time.wakeAt(longest), longest);
      assert.equal(ran.length, 0);
      while (time.waiting.length > 0) time.wakeAt(longest + 5000);
      assert.deepEqual(ran, [longest + 5000]);
    });
  }

  it('waits by a timer of the whole delay, and runs once', () => {
    wait(realTimeScheduler, 40);
    assert.equal(time.wakeAt(40.2), 40);
    assert.deepEqual([ran, time.lengths()], [[40.2], []]);
  });

  it('a timer that fires early is followed by turns, until it is time', () => {
    wait(realTimeScheduler, 40);
    assert.equal(time.wakeAt(39.4), 40);
    assert.equal(time.wakeAt(39.9), 'turn');
    assert.deepEqual([ran, time.lengths()], [[], ['turn']]);
    time.wakeAt(40);
    assert.deepEqual([ran, time.lengths()], [[40], []]);
  });

  it('a timer that fires earlier than by 1 ms is followed by a timer for the rest; by 1 ms, by turns', () => {
    wait(realTimeScheduler, 40);
    time.wakeAt(38.5);
    assert.deepEqual(time.lengths(), [1.5]);
    time.wakeAt(39);
    assert.deepEqual(time.lengths(), ['turn']);
  });

  it('precise: the last 1.5 ms of a delay are turns', () => {
    wait(precise(realTimeScheduler), 10);
    assert.deepEqual(time.lengths(), [8.5]);
    time.wakeAt(8.5);
    assert.deepEqual(time.lengths(), ['turn']);
    time.wakeAt(9.99);
    assert.deepEqual([ran, time.lengths()], [[], ['turn']]);
    time.wakeAt(10.001);
    assert.deepEqual(ran, [10.001]);
  });

  it('precise: a timer that fires far too early leaves the turns to the end again', () => {
    wait(precise(realTimeScheduler), 10);
    time.wakeAt(2);
    assert.deepEqual(time.lengths(), [6.5]);
  });

  it('precise: a delay of 1.5 ms needs no timer', () => {
    wait(precise(realTimeScheduler), 1.5);
    assert.deepEqual(time.lengths(), ['turn']);
  });
});
