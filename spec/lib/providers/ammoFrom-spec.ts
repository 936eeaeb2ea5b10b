import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { take, toArray } from 'rxjs';
import { DONE } from '../../../lib/core/cursor.js';
import { ammoFrom } from '../../../lib/providers/ammoFrom.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';

function* counted(log: string[], limit: number): Generator<number> {
  try {
    for (let i = 0; i < limit; i++) {
      log.push(`made ${i}`);
      yield i;
    }
  } finally {
    log.push('closed');
  }
}
const endless = (log: string[]): Iterable<number> => ({
  [Symbol.iterator]: () => counted(log, Number.POSITIVE_INFINITY),
});

describe('ammoFrom', () => {
  it('emits the values of the iterable, again for each subscriber', () => {
    const ammo = ammoFrom(['a', 'b']);
    for (const _ of [1, 2]) {
      let seen: string[] = [];
      ammo.pipe(toArray()).subscribe((all) => {
        seen = all;
      });
      assert.deepEqual(seen, ['a', 'b']);
    }
  });

  it('never reads ahead of demand, and closes the iterable', () => {
    const log: string[] = [];
    const cursor = ammoFrom(endless(log)).open(new VirtualClock());
    assert.equal(cursor.poll(), 0);
    assert.deepEqual(log, ['made 0']);
    cursor.close();
    assert.deepEqual(log, ['made 0', 'closed']);
    ammoFrom(endless(log)).pipe(take(1)).subscribe();
    assert.deepEqual(log.slice(2), ['made 0', 'closed']);
  });

  it('all shares together are the whole, each ammo once', () => {
    const all = Array.from({ length: 10 }, (_, i) => i);
    const shares = [0, 1, 2].map((index) => {
      const cursor = ammoFrom(all, { share: { index, of: 3 } }).open(new VirtualClock());
      const mine: number[] = [];
      for (let polled = cursor.poll(); polled !== DONE; polled = cursor.poll()) mine.push(polled as number);
      return mine;
    });
    assert.deepEqual(shares, [
      [0, 3, 6, 9],
      [1, 4, 7],
      [2, 5, 8],
    ]);
  });

  it('ammo that is given back is returned next', () => {
    const cursor = ammoFrom(['a', 'b', 'c'], { share: { index: 1, of: 2 } }).open(new VirtualClock());
    assert.equal(cursor.poll(), 'b');
    cursor.giveBack('b');
    assert.deepEqual([cursor.poll(), cursor.poll()], ['b', DONE]);
  });

  it('passes on exceptions of the iterable', () => {
    const broken: Iterable<string> = {
      [Symbol.iterator]: () => {
        throw new Error('no more');
      },
    };
    let told: unknown;
    ammoFrom(broken).subscribe({ error: (error) => (told = error) });
    assert.match(String(told), /no more/);
  });
});
