import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SchedulerAction, SchedulerLike } from 'rxjs';
import { distributionOf } from '../../../lib/measure/histogram.js';
import { LoopWatch, loopUtilization, mergeLoops } from '../../../lib/measure/loopWatch.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';

/** An event loop that does nothing from `from` to `to`, and then runs what was due. */
function blockedLoop(clock: VirtualClock, from: number, to: number): SchedulerLike {
  return {
    now: () => clock.now(),
    schedule: <T>(work: (this: SchedulerAction<T>, state?: T) => void, delay = 0, state?: T) => {
      const due = clock.now() + delay;
      return clock.schedule(work, due >= from && due < to ? to - clock.now() : delay, state);
    },
  };
}

describe('LoopWatch', () => {
  it('measures no delay for a free event loop, with a check every 10 ms', () => {
    const clock = new VirtualClock();
    let active = 500;
    const watch = new LoopWatch(clock, () => ({ active, idle: 1000 + clock.now() }));
    const reader = watch.open();
    clock.run(1000);
    active += 250;
    const { delay, activeMs, idleMs } = reader.take();
    assert.deepEqual([delay.count, delay.maxUs, activeMs, idleMs], [100, 0, 250, 1000]);
    assert.equal(loopUtilization({ delay, activeMs, idleMs }), 0.2);
    assert.deepEqual([reader.take().delay.count, reader.take().activeMs], [0, 0]);
    reader.close();
  });

  it('counts a stall by its length: 3 s of 10 s are 30 % of the checks', () => {
    const clock = new VirtualClock();
    const scheduler = blockedLoop(clock, 2005, 5005);
    const watch = new LoopWatch(scheduler, () => ({ active: 0, idle: 0 }));
    const reader = watch.open();
    clock.run(10_000);
    const { delay } = reader.take();
    const { p50, p75, p99, max } = distributionOf(delay);
    // Due at 2010 and seen at 5005; the checks that were due at 2020, 2030, ... would have been late by 2985, 2975, ...
    assert.deepEqual([max, p50], [2995, 0]);
    assert.ok(p75 > 450 && p75 < 550 && p99 > 2880 && p99 < 2910, `${p75} ${p99}`);
    assert.ok(delay.count >= 998 && delay.count <= 1000, String(delay.count));
    reader.close();
  });

  it('returns the beginning of a stall during it, and while the waiting input is read', () => {
    const clock = new VirtualClock();
    const scheduler = blockedLoop(clock, 35, 80);
    const watch = new LoopWatch(scheduler, () => ({ active: 0, idle: 0 }));
    const reader = watch.open();
    const seen: unknown[] = [];
    const look = (): unknown => seen.push([clock.now(), watch.blockedSince < clock.now(), watch.blockedSince]);
    clock.schedule(look, 25);
    clock.schedule(look, 79);
    // Input that waits is read between the timer that was late and the next turn.
    clock.run(79);
    scheduler.schedule(look, 1);
    clock.run(100);
    assert.deepEqual(seen, [
      [25, false, 32],
      [79, true, 42],
      [80, true, 42],
    ]);
    reader.close();
    assert.equal(watch.blockedSince, Number.POSITIVE_INFINITY);
  });

  it('stops with its last reader', () => {
    const clock = new VirtualClock();
    const watch = new LoopWatch(clock, () => ({ active: 0, idle: 0 }));
    const [a, b] = [watch.open(), watch.open()];
    clock.run(100);
    a.close();
    clock.run(200);
    assert.deepEqual([a.take().delay.count, b.take().delay.count], [10, 20]);
    b.close();
    // Nothing is left to do.
    clock.run();
    assert.equal(clock.now(), 200);
  });

  it('adds up readings', () => {
    const clock = new VirtualClock();
    const watch = new LoopWatch(clock, () => ({ active: clock.now() / 4, idle: clock.now() }));
    const reader = watch.open();
    clock.run(100);
    const first = reader.take();
    clock.run(300);
    const merged = mergeLoops(first, reader.take());
    assert.deepEqual([merged.delay.count, merged.activeMs, merged.idleMs], [30, 75, 300]);
    reader.close();
  });
});
