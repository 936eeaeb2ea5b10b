import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LazyTimer } from '../../../lib/time/lazyTimer.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';

function timer(): { clock: VirtualClock; lazy: LazyTimer; fired: number[]; scheduled: () => number } {
  const clock = new VirtualClock();
  let count = 0;
  const { schedule } = clock;
  clock.schedule = (work, delay, state) => {
    count++;
    return schedule.call(clock, work as never, delay, state);
  };
  const fired: number[] = [];
  return { clock, lazy: new LazyTimer(clock, () => fired.push(clock.now())), fired, scheduled: () => count };
}

describe('LazyTimer', () => {
  it('fires once, at its deadline', () => {
    const { clock, lazy, fired } = timer();
    lazy.set(10);
    clock.run(100);
    assert.deepEqual(fired, [10]);
  });

  it('moves later without a new timer until the old one fires', () => {
    const { clock, lazy, fired, scheduled } = timer();
    for (let at = 0; at < 9; at++) {
      lazy.set(at + 10);
      clock.advance(1);
    }
    assert.equal(scheduled(), 1);
    clock.run(100);
    assert.deepEqual([fired, scheduled()], [[18], 2]);
  });

  it('moves earlier at once', () => {
    const { clock, lazy, fired } = timer();
    lazy.set(50);
    lazy.set(5);
    clock.run(100);
    assert.deepEqual(fired, [5]);
  });

  it('does not fire when cleared, and can be set again', () => {
    const { clock, lazy, fired } = timer();
    lazy.set(10);
    lazy.clear();
    clock.run(20);
    lazy.set(30);
    clock.run(100);
    assert.deepEqual(fired, [30]);
  });

  it('leaves nothing behind when closed', () => {
    const { clock, lazy, fired } = timer();
    lazy.set(10);
    lazy.close();
    clock.run(100);
    assert.deepEqual(fired, []);
  });
});
