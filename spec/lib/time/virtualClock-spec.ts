import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { interval, take } from 'rxjs';
import { VirtualClock } from '../../../lib/time/virtualClock.js';

describe('VirtualClock', () => {
  it('runs work in the order of time, ties in the order of scheduling', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 200 }), (delays) => {
        const clock = new VirtualClock();
        const seen: [number, number][] = [];
        delays.forEach((delay, i) => {
          clock.schedule(() => seen.push([clock.now(), i]), delay);
        });
        clock.run();
        const expected = delays
          .map((delay, i): [number, number] => [delay, i])
          .sort(([a, i], [b, j]) => a - b || i - j);
        assert.deepEqual(seen, expected);
      }),
    );
  });

  it('stops at a moment, continues later, and drops work that was unsubscribed from', () => {
    const clock = new VirtualClock(100);
    const seen: number[] = [];
    const subscription = interval(10, clock)
      .pipe(take(9))
      .subscribe(() => seen.push(clock.now()));
    clock.run(125);
    assert.deepEqual([seen, clock.now()], [[110, 120], 125]);
    clock.advance(10);
    subscription.unsubscribe();
    clock.run();
    assert.deepEqual([seen, clock.now()], [[110, 120, 130], 135]);
  });

  it('runs what is due at the very moment at which it stops, and what that schedules for now', () => {
    const clock = new VirtualClock();
    const seen: string[] = [];
    clock.schedule(() => {
      seen.push('at 5');
      clock.schedule(() => seen.push('again at 5'));
      clock.schedule(() => seen.push('later'), 0.001);
    }, 5);
    clock.run(5);
    assert.deepEqual([seen, clock.now()], [['at 5', 'again at 5'], 5]);
  });

  it('never goes back: a delay below 0 is now, and so is a moment in the past', () => {
    const clock = new VirtualClock(10);
    const seen: number[] = [];
    clock.schedule(() => seen.push(clock.now()), -5);
    clock.run(3);
    assert.deepEqual([seen, clock.now()], [[], 10]);
    clock.run();
    assert.deepEqual([seen, clock.now()], [[10], 10]);
    clock.schedule(() => seen.push(clock.now()), -5);
    assert.deepEqual([clock.runSome(1), clock.now()], [1, 10]);
  });

  it('work that has ended does not schedule itself again, and passes its state on', () => {
    const clock = new VirtualClock();
    const seen: unknown[] = [];
    clock.schedule<string>(
      function (state) {
        seen.push(state);
        if (state === 'b') this.unsubscribe();
        this.schedule(state === 'a' ? 'b' : 'c', 1);
      },
      1,
      'a',
    );
    clock.run();
    assert.deepEqual([seen, clock.now()], [['a', 'b'], 2]);
  });

  it('work that schedules itself without a delay runs again at the same moment', () => {
    const clock = new VirtualClock();
    const seen: number[] = [];
    clock.schedule(function () {
      seen.push(clock.now());
      if (seen.length < 3) this.schedule();
    }, 5);
    clock.run();
    assert.deepEqual(seen, [5, 5, 5]);
  });

  it('runs a part of the work, while the condition holds', () => {
    const clock = new VirtualClock();
    const seen: number[] = [];
    for (const delay of [5, 1, 3, 2, 4]) clock.schedule(() => seen.push(delay), delay);
    clock.schedule(() => undefined, 1).unsubscribe();
    assert.deepEqual([clock.runSome(2), seen, clock.now()], [2, [1, 2], 2]);
    assert.deepEqual([clock.runSome(9, () => seen.length < 4), seen, clock.now()], [2, [1, 2, 3, 4], 4]);
    assert.deepEqual([clock.runSome(9), clock.runSome(9), clock.now()], [1, 0, 5]);
  });
});
