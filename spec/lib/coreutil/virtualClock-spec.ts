import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { interval, take } from 'rxjs';
import { VirtualClock } from '../../../lib/coreutil/virtualClock.js';

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

  it('stops at a moment, goes on later, and forgets what was unsubscribed from', () => {
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
});
