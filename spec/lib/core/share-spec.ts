import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { from } from 'rxjs';
import { type Cursor, DONE } from '../../../lib/core/cursor.js';
import { countInShare, inShare, nextInShare, nthOfShare, type Share, WHOLE } from '../../../lib/core/deps.js';
import { userComponent } from '../../../lib/plugin/userValue.js';
import { ammoFrom } from '../../../lib/providers/ammoFrom.js';
import { ShareFilter } from '../../../lib/providers/reading/ammoReader.js';
import { CountedCursor } from '../../../lib/pull/countedCursor.js';
import { openCursor } from '../../../lib/pull/openCursor.js';
import { PlanCursor } from '../../../lib/pull/planSchedule.js';
import { constPlan } from '../../../lib/schedules/const.js';
import { fakeDeps } from '../../../lib/testing/fakeDeps.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';
import { mixAmmo } from '../../../operators/shots/mixAmmo.js';

const clock = new VirtualClock();

function drained<T>(cursor: Cursor<T>): T[] {
  const seen: T[] = [];
  for (let polled = cursor.poll(); polled !== DONE; polled = cursor.poll()) seen.push(polled as T);
  return seen;
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** Everything that is divided into shares: the global indexes of `count` that one share has. */
const DIVIDED: readonly [what: string, of: (share: Share, count: number) => readonly number[]][] = [
  [
    'ticks of a plan',
    (share, count) => {
      const plan = constPlan({ ops: count, duration: 1e9 });
      return drained(new PlanCursor(plan, clock, { share })).map(({ index }) => index);
    },
  ],
  [
    'counted ammo',
    (share, count) => {
      return count === 0 ? [] : drained(new CountedCursor(count, share, (index) => index));
    },
  ],
  [
    'rows of a file',
    (share, count) => {
      const rows = numbers(count).map((index) => ({ index, tag: '', problem: undefined }));
      return new ShareFilter<(typeof rows)[number]>(share).of(rows, 0)?.rows.map(({ index }) => index) ?? [];
    },
  ],
  ['an iterable', (share, count) => drained(ammoFrom(numbers(count), { share }).open(clock))],
  [
    'a mix',
    (share, count) => {
      return drained(mixAmmo([{ weight: 1, ammo: numbers(count) }], { share }).open(clock));
    },
  ],
  [
    'a stream of your own',
    (share, count) => {
      const own = userComponent('provider', from(numbers(count))).create({ ...fakeDeps(), share });
      return drained(openCursor(own, clock)) as number[];
    },
  ],
];

describe('a share', () => {
  const share = fc
    .integer({ min: 1, max: 8 })
    .chain((of) => fc.record({ index: fc.integer({ min: 0, max: of - 1 }), of: fc.constant(of) }));
  const count = fc.integer({ min: 0, max: 60 });

  it('of one is the whole', () => {
    assert.deepEqual(
      [inShare(WHOLE, 7), nthOfShare(WHOLE, 7), nextInShare(WHOLE, 7), countInShare(WHOLE, 7)],
      [true, 7, 8, 7],
    );
  });

  it('numbers, steps and counts agree with the indexes of the share', () => {
    fc.assert(
      fc.property(share, count, fc.nat({ max: 10 }), (one, end, steps) => {
        const mine = numbers(end).filter((index) => inShare(one, index));
        assert.deepEqual(
          mine.map((_, n) => nthOfShare(one, n)),
          mine,
        );
        assert.equal(countInShare(one, end), mine.length);
        const from = nthOfShare(one, steps);
        assert.equal(nextInShare(one, one.index, steps), from);
        assert.equal(countInShare(one, end, from), mine.filter((index) => index >= from).length);
      }),
    );
    assert.equal(countInShare({ index: 2, of: 3 }, Number.POSITIVE_INFINITY), Number.POSITIVE_INFINITY);
  });

  for (const [what, divided] of DIVIDED) {
    it(`${what}: all shares together are the whole, each index once, in order`, () => {
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 8 }), count, (of, end) => {
          const shares = numbers(of).map((index) => divided({ index, of }, end));
          for (const [index, seen] of shares.entries())
            assert.deepEqual(
              seen,
              numbers(end).filter((i) => i % of === index),
            );
        }),
        { numRuns: 60 },
      );
    });
  }
});
