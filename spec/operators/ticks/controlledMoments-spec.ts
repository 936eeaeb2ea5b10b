import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { map, NEVER, type SchedulerAction, type SchedulerLike, Subject, type Subscription, timer } from 'rxjs';
import type { Plan, Tick } from '../../../lib/core/plan.js';
import { constPlan } from '../../../lib/schedules/const.js';
import { linePlan } from '../../../lib/schedules/line.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';
import { type Command, command } from '../../../operators/ticks/command.js';
import { control } from '../../../operators/ticks/control.js';
import { ticks } from '../../../operators/ticks/ticks.js';
import type { Step } from './steps.js';

/** Real time: it goes on from one call of `now` to the next. */
function passing(clock: VirtualClock): SchedulerLike {
  let passed = 0;
  return {
    now: () => {
      passed += 0.3;
      return clock.now() + passed;
    },
    schedule<T>(work: (this: SchedulerAction<T>, state?: T) => void, delay?: number, state?: T): Subscription {
      return clock.schedule(work, delay, state);
    },
  };
}

/** Plays a plan while commands come, each some time after the one before; at the end a pause is resumed. */
function play(plan: Plan, steps: readonly Step[], startAt: number) {
  const clock = new VirtualClock(startAt);
  const commands = new Subject<Command>();
  const seen: Tick[] = [];
  let completedAt: number | undefined;
  ticks(plan)
    .pipe(control(commands, { scheduler: clock }))
    .subscribe({
      next: (tick) => {
        assert.ok(Math.abs(tick.at - clock.now()) < 0.01, 'handed out when it is due');
        seen.push(tick);
      },
      complete: () => {
        completedAt = clock.now();
      },
    });
  for (const { after, order } of steps) {
    clock.advance(after);
    commands.next(order);
  }
  commands.next(command.resume());
  clock.run();
  return { seen, completedAt, clock };
}

/** The same by iteration over the commands: the plan time that passes between two of them. */
function moments(plan: Plan, steps: readonly Step[], startAt: number): readonly number[] {
  const found: number[] = [];
  let [real, passed, speed, paused] = [startAt, 0, 1, false];
  const walk = (ms: number): void => {
    const rate = paused ? 0 : speed;
    while (found.length < plan.count && plan.atNs(found.length) / 1e6 <= passed + ms * rate)
      found.push(real + (plan.atNs(found.length) / 1e6 - passed) / rate);
    real += ms;
    passed += ms * rate;
  };
  for (const { after, order } of steps) {
    walk(after);
    if (order.type === 'pause') paused = true;
    if (order.type === 'resume') paused = false;
    if (order.type === 'scale') speed *= order.factor;
  }
  paused = false;
  walk(Number.POSITIVE_INFINITY);
  return found;
}

describe('control in time that passes between two calls', () => {
  it('emits a tick whose moment passes between the poll and the wait for it', () => {
    const clock = new VirtualClock();
    const emitted: number[] = [];
    let completed = false;
    ticks(constPlan({ ops: 10_000, duration: 20e6 }))
      .pipe(control(NEVER, { scheduler: passing(clock) }))
      .subscribe({ next: (tick) => emitted.push(tick.index), complete: () => (completed = true) });
    clock.run();
    assert.deepEqual([emitted.length, completed], [200, true]);
  });
});

describe('the moments of controlled ticks', () => {
  it('computes every moment from the last command, so no error adds up', () => {
    const third = linePlan({ from: 10, to: 100, duration: 60e9 });
    const step = fc.record({
      after: fc.integer({ min: 0, max: 5000 }),
      order: fc.constantFrom(command.pause(), command.resume(), command.scaleBy(1.3), command.scaleBy(0.7)),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const { seen } = play(third, steps, 1e12);
        assert.equal(seen.length, third.count);
        const expected = moments(third, steps, 1e12);
        seen.forEach((tick, i) => {
          assert.equal(tick.index, i);
          assert.ok(Math.abs(tick.at - (expected[i] as number)) < 0.01, `${i}: ${tick.at} is not ${expected[i]}`);
        });
      }),
      { numRuns: 30 },
    );
  });

  it('numbers ticks without a gap and never back in time, whatever the commands', () => {
    const step = fc.record({
      after: fc.integer({ min: 0, max: 3000 }),
      order: fc.oneof(
        fc.constantFrom(command.pause(), command.resume(), command.scaleBy(2), command.scaleBy(0.5)),
        fc.constantFrom(0, 1, 7, 100).map((rate) => command.setRate(rate)),
      ),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const { seen, completedAt, clock } = play(constPlan({ ops: 10, duration: 10e9 }), steps, 0);
        seen.forEach((tick, i) => {
          assert.equal(tick.index, i);
          assert.ok(tick.at >= (seen[i - 1]?.at ?? 0));
        });
        assert.ok(completedAt !== undefined && completedAt <= clock.now());
      }),
      { numRuns: 100 },
    );
  });

  it('a share of a run plays its share of a rate that was set', () => {
    const shares = [0, 1, 2].map((share) => {
      const clock = new VirtualClock();
      const seen: Tick[] = [];
      const stripe = { index: share, of: 3 };
      const commands = timer(1000, clock).pipe(map(() => command.setRate(20)));
      ticks(constPlan({ ops: 10, duration: 4e9 }), { share: stripe })
        .pipe(control(commands, { scheduler: clock, share: stripe }))
        .subscribe((tick) => seen.push(tick));
      clock.run();
      return seen;
    });
    const all = shares.flat().sort((a, b) => a.index - b.index);
    assert.deepEqual(
      all.map(({ index: i }) => i),
      all.map((_, i) => i),
    );
    assert.ok(Math.abs(all.length - (10 + 60)) <= 2, String(all.length));
  });
});
