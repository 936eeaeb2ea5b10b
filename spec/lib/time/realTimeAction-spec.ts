import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { RealTimeAction } from '../../../lib/coreutil/realTimeAction.js';

/** What waits: a timer with its length in milliseconds, or for the end of the turn. */
interface Waiting {
  readonly ms: number | 'turn';
  readonly call: () => void;
}

/** Stands in for the timers and the clock of Node: time moves by hand. A timer may fire up to 1 ms before its time, as Node's do. */
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

  /** Lets what waits happen at a moment. Returns what it was. */
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

describe('RealTimeAction', () => {
  let time: HandTime;
  let ran: number[];
  const action = (spinMs: number): RealTimeAction<number> =>
    new RealTimeAction<number>(() => {
      ran.push(time.now);
    }, spinMs);
  beforeEach(() => {
    ran = [];
    time = new HandTime();
    time.install();
  });
  afterEach(() => time.remove());

  it('without a delay waits for the end of the turn, not for a timer', () => {
    action(0).schedule(0);
    assert.deepEqual(time.lengths(), ['turn']);
    time.wakeAt(0);
    assert.deepEqual([ran, time.lengths()], [[0], []]);
  });

  it('waits by a timer of the whole delay, and runs once', () => {
    action(0).schedule(0, 40);
    assert.equal(time.wakeAt(40.2), 40);
    assert.deepEqual([ran, time.lengths()], [[40.2], []]);
  });

  it('a timer that fires early is followed by turns, until it is time', () => {
    action(0).schedule(0, 40);
    assert.equal(time.wakeAt(39.4), 40);
    assert.equal(time.wakeAt(39.9), 'turn');
    assert.deepEqual([ran, time.lengths()], [[], ['turn']]);
    time.wakeAt(40);
    assert.deepEqual([ran, time.lengths()], [[40], []]);
  });

  it('a timer that fires earlier than by 1 ms is followed by a timer for the rest; by 1 ms, by turns', () => {
    action(0).schedule(0, 40);
    time.wakeAt(38.5);
    assert.deepEqual(time.lengths(), [1.5]);
    time.wakeAt(39);
    assert.deepEqual(time.lengths(), ['turn']);
  });

  it('with a spin, the last part of the delay is turns', () => {
    action(1.5).schedule(0, 10);
    assert.deepEqual(time.lengths(), [8.5]);
    time.wakeAt(8.5);
    assert.deepEqual(time.lengths(), ['turn']);
    time.wakeAt(9.99);
    assert.deepEqual([ran, time.lengths()], [[], ['turn']]);
    time.wakeAt(10.001);
    assert.deepEqual(ran, [10.001]);
  });

  it('with a spin, a timer that fires far too early leaves the spin to the end again', () => {
    action(3).schedule(0, 10);
    time.wakeAt(2);
    assert.deepEqual(time.lengths(), [5]);
  });

  it('a delay as long as the spin needs no timer', () => {
    action(1.5).schedule(0, 1.5);
    assert.deepEqual(time.lengths(), ['turn']);
  });

  it('a delay longer than a timer can be, 24.8 days, is waited for in parts', () => {
    const longest = 2 ** 31 - 1;
    action(0).schedule(0, longest + 5000);
    assert.equal(time.wakeAt(longest), longest);
    assert.deepEqual([ran, time.lengths()], [[], [5000]]);
    time.wakeAt(longest + 5000);
    assert.deepEqual(ran, [longest + 5000]);
  });

  it('scheduled again before its time, it forgets the wait before', () => {
    const one = action(0);
    one.schedule(0, 40);
    one.schedule(0);
    assert.deepEqual(time.lengths(), ['turn']);
    one.schedule(0, 7);
    assert.deepEqual(time.lengths(), [7]);
  });

  it('unsubscribed from, it waits for nothing and can not be scheduled', () => {
    for (const delay of [0, 40]) {
      const one = action(0);
      one.schedule(0, delay);
      one.unsubscribe();
      assert.deepEqual(time.lengths(), []);
      one.schedule(0, delay);
      assert.deepEqual(time.lengths(), []);
    }
    assert.deepEqual(ran, []);
  });
});
