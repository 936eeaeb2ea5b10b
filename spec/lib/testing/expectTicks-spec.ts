import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { concat, interval, map, of, take, throwError } from 'rxjs';
import { constant, line, once, unlimited } from '../../../lib/builtins/components.js';
import { linePlan } from '../../../lib/schedules/line.js';
import { expectTicks } from '../../../lib/testing/expectTicks.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';

const four = () => expectTicks(constant({ ops: 2, duration: '2s' }));

const FAILURES: readonly [sentence: string, check: () => unknown, message: readonly string[]][] = [
  [
    'a tick at another moment',
    () => four().toBe('0 500 900 1500'),
    [
      'tick 2 differs: expected at 900 ms, found at 1000 ms',
      '',
      '  expected  0 499ms 1 399ms 2 99ms  500ms  3',
      '  actual    0 499ms 1 399ms  100ms 2 499ms 3',
      '                            ^',
    ],
  ],
  [
    'a tick too few',
    () => four().toBe('0 500 1s 1500 2s'),
    [
      'tick 4 differs: expected at 2000 ms, found none',
      '',
      '  expected  0 499ms 1 499ms 2 499ms 3 499ms 4',
      '  actual    0 499ms 1 499ms 2 499ms 3 499ms',
      '                                            ^',
    ],
  ],
  [
    'a tick too many',
    () => four().toBe('0 500 1s'),
    [
      'tick 3 differs: expected none, found at 1500 ms',
      '',
      '  expected  0 499ms 1 499ms 2 499ms',
      '  actual    0 499ms 1 499ms 2 499ms 3',
      '                                    ^',
    ],
  ],
  [
    'another number of ticks, far on',
    () => expectTicks(constant({ ops: 1000, duration: '1s' })).count(500),
    ['expected 500 ticks, found 1000, ticks 495 to 505', '', '  actual   495ms 56789012345', '                      ^'],
  ],
  ['another rate', () => four().rateAt('1s', 5), ['expected 5/s at 1s, found 2/s']],
  ['another length', () => four().lasting('3s'), ['expected it to last 3000 ms, found 2000 ms']],
  ['another count before a moment', () => four().countBefore('1s', 3), ['expected 3 ticks before 1s, found 2']],
];

describe('expectTicks', () => {
  it('follows schedules to their end, without waiting', () => {
    four()
      .toBe('0 500 1s 1.5s')
      .toBe('0 500 ...')
      .toBe('0 500 1000 1500 | 2s')
      .count(4)
      .lasting('2s')
      .countBefore('1s', 2);
    expectTicks(once({ times: 3 })).toBe('0 0 0 | 0');
    expectTicks(constant({ ops: 0, duration: '3s' }))
      .toBe('')
      .count(0)
      .lasting('3s');
  });

  it('follows plans', () => {
    expectTicks(linePlan({ from: 0, to: 100, duration: 10e9 }))
      .count(500)
      .lasting('10s')
      .rateAt('5s', 50)
      .rateAt(0, 2.5, 3);
  });

  it('follows a schedule of an hour', () => {
    expectTicks(line({ from: 0, to: 200, duration: '1h' }))
      .count(360_000)
      .rateAt('30m', 100);
  });

  it('follows a stream of your own on its clock', () => {
    const clock = new VirtualClock(5000);
    const own = interval(100, clock).pipe(
      take(3),
      map((index) => ({ index, at: clock.now() })),
    );
    expectTicks(own, { clock }).toBe('100 200 300 | 300');
  });

  it('stops at ticks that exist only by demand, and at a limit', () => {
    expectTicks(unlimited({ duration: '1h' })).count(0);
    expectTicks(constant({ ops: 1000, duration: '1h' }), { limit: 10 }).count(10);
  });

  it('passes on the error of the stream', () => {
    const broken = concat(
      of({ index: 0, at: 0 }),
      throwError(() => new RangeError('broken')),
    );
    assert.throws(() => expectTicks(broken), RangeError);
  });

  it('refuses an invalid moment', () => assert.throws(() => four().toBe('0 soon'), /"soon" is not a moment/));

  for (const [sentence, check, [what, ...picture]] of FAILURES) {
    it(`draws: ${sentence}`, () => {
      assert.throws(check, (error: Error) => {
        assert.equal(error.name, 'AssertionError');
        const [first, ...rest] = error.message.trimEnd().split('\n');
        assert.equal(first, what);
        if (picture.length > 0) assert.deepEqual(rest, picture);
        return true;
      });
    });
  }
});
