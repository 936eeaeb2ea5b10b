import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { WaitingQueue } from '../../../lib/wire/waitingQueue.js';

type Step = { readonly add: number } | { readonly remove: number } | 'take' | 'clear';

describe('WaitingQueue', () => {
  it('is first come first served, for any order of calls', () => {
    const step: fc.Arbitrary<Step> = fc.oneof(
      fc.record({ add: fc.nat(9) }),
      fc.record({ remove: fc.nat(9) }),
      fc.constant<Step>('take'),
      fc.constant<Step>('take'),
      { weight: 1, arbitrary: fc.constant<Step>('clear') },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const queue = new WaitingQueue<number>();
        let model: number[] = [];
        for (const each of steps) {
          if (each === 'take') assert.equal(queue.take(), model.shift());
          else if (each === 'clear') {
            queue.clear();
            model = [];
          } else if ('add' in each) {
            queue.add(each.add);
            if (!model.includes(each.add)) model.push(each.add);
          } else {
            assert.equal(queue.remove(each.remove), model.includes(each.remove));
            model = model.filter((waits) => waits !== each.remove);
          }
          assert.equal(queue.size, model.length);
          for (const count of [0, 2, 10]) assert.deepEqual(queue.first(count), model.slice(0, count));
        }
      }),
    );
  });

  it('takes as long with 50,000 that wait as with 50', () => {
    const CALLS = 20_000;
    const cpuOf = (waiting: number): number => {
      const queue = new WaitingQueue<object>();
      for (let i = 0; i < waiting; i++) queue.add({});
      const { user } = process.cpuUsage();
      for (let i = 0; i < CALLS; i++) queue.add(queue.take() as object);
      return process.cpuUsage().user - user;
    };
    cpuOf(50);
    const [few, many] = [cpuOf(50), cpuOf(50_000)];
    // Searching from the start takes some 30 times as long, and thousands of times before entries are cleared away.
    assert.ok(many < 8 * few + 5000, `${many / CALLS} and ${few / CALLS} µs for a call`);
  });
});
