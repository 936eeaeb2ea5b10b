import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SchedulerAction, SchedulerLike } from 'rxjs';
import { distributionOf } from '../../../lib/measure/histogram.js';
import { EMPTY_LOOP, LoopWatch, loopUtilization, mergeLoops } from '../../../lib/measure/loopWatch.js';
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
    assert.equal(loopUtilization({ ...EMPTY_LOOP, activeMs, idleMs }), 0.2);
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

  it('has the pauses of the garbage collector since the last reading, for each reader, and stops with the last one', () => {
    const clock = new VirtualClock();
    const watching = new Set<(ms: number) => void>();
    const pauses = (paused: (ms: number) => void): (() => void) => {
      watching.add(paused);
      return () => watching.delete(paused);
    };
    const pause = (ms: number): void => {
      for (const paused of watching) paused(ms);
    };
    const watch = new LoopWatch(clock, () => ({ active: 0, idle: 0 }), pauses);
    const [a, b] = [watch.open(), watch.open()];
    const taken = (reader: typeof a): unknown => {
      const { gcMs, longestGcMs } = reader.take();
      return [gcMs, longestGcMs];
    };
    for (const ms of [2, 5, 3]) pause(ms);
    assert.deepEqual(
      [taken(a), taken(a)],
      [
        [10, 5],
        [0, 0],
      ],
    );
    pause(1);
    assert.deepEqual(
      [taken(a), taken(b)],
      [
        [1, 1],
        [11, 5],
      ],
    );
    const one = { ...EMPTY_LOOP, gcMs: 4, longestGcMs: 3 };
    const { gcMs, longestGcMs } = mergeLoops(one, { ...EMPTY_LOOP, gcMs: 2, longestGcMs: 2 });
    assert.deepEqual([gcMs, longestGcMs], [6, 3]);
    a.close();
    assert.equal(watching.size, 1);
    b.close();
    assert.equal(watching.size, 0);
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
