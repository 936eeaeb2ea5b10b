import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Deadline, DeadlineQueue } from '../../../lib/time/deadlineQueue.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';

function bench(limit = 100) {
  const clock = new VirtualClock(1000);
  let timers = 0;
  const counted = new Proxy(clock, {
    get: (target, key) => {
      if (key === 'schedule') timers++;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  const queue = new DeadlineQueue(counted, limit);
  const expired: string[] = [];
  const add = (name: string, start = clock.now()): Deadline => {
    const member: Deadline = {
      deadline: 0,
      earlier: undefined,
      later: undefined,
      expired: () => expired.push(`${name} at ${clock.now()}`),
    };
    queue.add(member, start);
    return member;
  };
  return { clock, queue, expired, add, timers: () => timers };
}

describe('DeadlineQueue', () => {
  it('expires each member its own time after its start, and once', () => {
    const { clock, add, expired } = bench();
    add('a');
    clock.advance(30);
    add('b');
    add('c', 1020);
    clock.advance(1000);
    assert.deepEqual(expired, ['a at 1100', 'b at 1130', 'c at 1130']);
  });

  it('does not expire a removed member, at any position', () => {
    const { clock, queue, add, expired } = bench();
    const [first, middle, last] = ['first', 'middle', 'last'].map((name) => add(name));
    add('kept');
    for (const member of [middle, first, first, last]) queue.remove(member as Deadline);
    clock.advance(1000);
    assert.deepEqual(expired, ['kept at 1100']);
  });

  it('has one timer for all members, and none when it is empty', () => {
    const { clock, queue, add, timers } = bench();
    const members = Array.from({ length: 1000 }, (_, i) => add(`${i}`));
    assert.equal(timers(), 1);
    for (const member of members) queue.remove(member);
    clock.advance(100);
    assert.equal(timers(), 1);
  });

  it('has no timer left when its last member is forgotten, and a new one for the next member', () => {
    const { clock, queue, add, expired } = bench();
    const [a, b] = [add('a'), add('b')];
    queue.forget(a);
    clock.advance(50);
    queue.forget(b);
    clock.run();
    assert.equal(clock.now(), 1050, 'no timer is left');
    add('c');
    clock.advance(100);
    assert.deepEqual(expired, ['c at 1150']);
  });

  it('takes new members while one expires', () => {
    const { clock, queue, expired } = bench();
    const again: Deadline = {
      deadline: 0,
      earlier: undefined,
      later: undefined,
      expired: () => {
        expired.push(`${clock.now()}`);
        if (expired.length < 3) queue.add(again, clock.now());
      },
    };
    queue.add(again, clock.now());
    clock.advance(1000);
    assert.deepEqual(expired, ['1100', '1200', '1300']);
  });

  it('expires nothing after it was closed', () => {
    const { clock, queue, add, expired } = bench();
    add('a');
    queue.close();
    clock.advance(1000);
    assert.deepEqual(expired, []);
  });
});
