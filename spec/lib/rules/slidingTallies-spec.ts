import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { threshold } from '../../../lib/rules/parseThreshold.js';
import { SlidingTallies } from '../../../lib/rules/slidingTallies.js';
import { mergeTallies, type Tally, tallyOf } from '../../../lib/rules/tally.js';
import { timed } from '../../operators/timed.js';
import { second } from './someWindows.js';

const RULE = threshold('p99(response) < 1s');
const tally = (n: number, ms: number): Tally =>
  tallyOf(RULE, second(n, [timed(ms), timed(2 * ms)]), { busy: 0, instances: 0 });

describe('SlidingTallies', () => {
  it('has, after any steps, the tallies of the last ones, merged', () => {
    const step = fc.oneof(
      fc.integer({ min: 1, max: 5000 }),
      fc.constant('shift' as const),
      fc.constant('clear' as const),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const sliding = new SlidingTallies();
        const plain: Tally[] = [];
        for (const [n, each] of steps.entries()) {
          if (each === 'shift') {
            sliding.shift();
            plain.shift();
          } else if (each === 'clear') {
            sliding.clear();
            plain.length = 0;
          } else {
            sliding.push(tally(n, each));
            plain.push(tally(n, each));
          }
          const [first, ...rest] = plain;
          assert.deepEqual(sliding.merged, first && rest.reduce(mergeTallies, first));
          assert.deepEqual(
            [0, 1, plain.length].map((i) => sliding.from(i)),
            [plain[0]?.from, plain[1]?.from, undefined],
          );
        }
      }),
    );
  });
});
