import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { bestOffset, ClockFollower, serveClock } from '../../../lib/mesh/clockOffset.js';
import { subjectsOf } from '../../../lib/mesh/subjects.js';
import { SharedClock } from '../../../lib/time/sharedClock.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';
import { turn } from '../shares/play.js';
import { MemoryBus, MemoryServer } from './memoryBus.js';

describe('the offset of a clock', () => {
  it('is that of the shortest exchange, and is at most its uncertainty wrong, whatever the ways take', () => {
    const exchange = fc.tuple(
      fc.double({ min: 0, max: 500, noNaN: true }),
      fc.double({ min: 0, max: 500, noNaN: true }),
    );
    fc.assert(
      fc.property(
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.array(exchange, { minLength: 1 }),
        (offset, ways) => {
          const exchanges = ways.map(([there, back], i) => {
            const sentAt = i * 1000;
            return { sentAt, at: sentAt + there + offset, receivedAt: sentAt + there + back };
          });
          const [first, ...rest] = exchanges;
          if (first === undefined) return;
          const { offsetMs, uncertaintyMs } = bestOffset([first, ...rest]);
          assert.ok(Math.abs(offsetMs - offset) <= uncertaintyMs + 1e-6);
          assert.ok(uncertaintyMs <= Math.min(...ways.map(([there, back]) => (there + back) / 2)) + 1e-6);
        },
      ),
    );
  });

  /** A worker whose clock is apart from that of the coordinator by a function of time. */
  async function followed(apart: (now: number) => number, ms: number) {
    const clock = new VirtualClock(1_000_000);
    const server = new MemoryServer();
    const subjects = subjectsOf('g').of('r');
    const bus = new MemoryBus(server, clock, { delayMs: 4 });
    const serving = serveClock(new MemoryBus(server, clock), subjects, clock);
    const own = { now: () => clock.now() - apart(clock.now()), schedule: clock.schedule.bind(clock) };
    const shared = new SharedClock(undefined, own.now);
    const follower = new ClockFollower(bus, subjects, 'w', shared, own);
    const pass = async (length: number, each: () => void = () => undefined): Promise<void> => {
      for (let passed = 0; passed < length; passed += 10) {
        clock.advance(10);
        for (let i = 0; i < 3; i++) await turn();
        each();
      }
    };
    let set = false;
    const setting = follower.set().then(() => {
      set = true;
    });
    while (!set) await pass(10);
    await setting;
    follower.follow();
    const errors: number[] = [];
    const steps: number[] = [];
    let before = shared.offset;
    await pass(ms, () => {
      errors.push(shared.now() - clock.now());
      steps.push(Math.abs(shared.offset - before));
      before = shared.offset;
    });
    follower.stop();
    serving.unsubscribe();
    return { errors, steps, measured: follower.measured };
  }

  it('is measured and set, with its uncertainty', async () => {
    const { errors, measured } = await followed(() => 5000, 100);
    assert.ok(Math.abs(Number(errors[0])) <= measured.uncertaintyMs, String(errors[0]));
    assert.equal(Math.round(measured.offsetMs / 10), 500);
    assert.ok(measured.uncertaintyMs <= 5);
  });

  it('follows drift in small steps: the clock never jumps', async () => {
    const { errors, steps } = await followed((now) => (now - 1_000_000) * 2e-4, 60_000);
    assert.ok(
      Math.max(...errors.map(Math.abs)) < 6,
      `12 ms of drift in a minute: ${Math.max(...errors.map(Math.abs))}`,
    );
    assert.ok(Math.max(...steps) <= 0.05 + 1e-9, `the largest step: ${Math.max(...steps)}`);
  });
});

describe('a shared clock', () => {
  it('has the same time in all threads that have its memory, and stands still at its end', () => {
    let now = 100;
    const kept = new SharedClock(undefined, () => now);
    const other = new SharedClock(kept.memory, () => now);
    kept.offset = 50;
    assert.deepEqual([other.now(), other.offset], [150, 50]);
    kept.end = 160;
    now = 109;
    assert.equal(other.now(), 159);
    now = 5000;
    assert.deepEqual([other.now(), other.running()], [160, 5050]);
    kept.end = 6000;
    assert.equal(other.now(), 5050);
  });
});
