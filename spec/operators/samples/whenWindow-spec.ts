import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { from, map, type Observable, of, Subject, take, takeUntil, tap } from 'rxjs';
import { isElpisError } from '../../../lib/core/errors.js';
import { countsOf, emptyWindow, type Window } from '../../../lib/measure/window.js';
import { EMPTY_COUNTS } from '../../../lib/measure/windowCounts.js';
import { errorRate } from '../../../operators/samples/errorRate.js';
import { percentile } from '../../../operators/samples/percentile.js';
import { type StopReason, whenWindow } from '../../../operators/samples/whenWindow.js';
import { marbles } from '../marbles.js';

/** A window with as many shots as the digit; `p` is a partial one with 9. */
function windowOf(digit: string): Window {
  const ended = digit === 'p' ? 9 : Number(digit);
  return { ...emptyWindow(0), partial: digit === 'p', total: { ...EMPTY_COUNTS, count: ended, ended, ok: ended } };
}
const windows = (source: Observable<string>): Observable<Window> => source.pipe(map(windowOf));
const told = map(({ window, reason }: StopReason) => `${window.total.ended} ${reason}`);
const over = (shots: number) => (window: Window) => window.total.ended > shots && 'many';

describe('whenWindow', () => {
  it(
    'emits once when the condition holds, and completes',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const e1 = hot('   -1-2-5-9-|');
      const e1subs = '   ^----!';
      const expected = ' -----(v|)';
      expectObservable(windows(e1).pipe(whenWindow(over(4)), told)).toBe(expected, { v: '5 many' });
      expectSubscriptions(e1.subscriptions).toBe(e1subs);
    }),
  );

  it(
    'judges several windows in a row as one, when there are enough',
    marbles(({ hot, expectObservable }) => {
      const e1 = hot('   -7-1-2-5-9-|');
      const expected = ' -------(v|)';
      const operator = whenWindow(over(6), { windows: 2 });
      expectObservable(windows(e1).pipe(operator, told)).toBe(' ---(v|)', { v: '8 many' });
      expectObservable(windows(e1).pipe(whenWindow(over(7), { windows: 3 }), told)).toBe(' -----(v|)', {
        v: '10 many',
      });
      expectObservable(windows(hot('-1-1-2-5-9-|')).pipe(operator, told)).toBe(expected, { v: '7 many' });
    }),
  );

  it(
    'judges no partial window, and merges none across one',
    marbles(({ hot, expectObservable }) => {
      const e1 = hot('   -p-1-p-5-5-|');
      expectObservable(windows(e1).pipe(whenWindow(over(4)), told)).toBe('-------(v|)', { v: '5 many' });
      expectObservable(windows(e1).pipe(whenWindow(over(4), { windows: 2 }), told)).toBe('---------(v|)', {
        v: '10 many',
      });
    }),
  );

  it(
    'completes, fails or waits with the windows when it never holds',
    marbles(({ cold, expectObservable }) => {
      expectObservable(windows(cold('-1-2-|')).pipe(whenWindow(over(4)))).toBe('-----|');
      expectObservable(windows(cold('|')).pipe(whenWindow(over(4)))).toBe('|');
      expectObservable(windows(cold('-1-#')).pipe(whenWindow(over(4)))).toBe('---#');
      expectObservable(windows(cold('-')).pipe(whenWindow(over(4)))).toBe('-');
    }),
  );

  it(
    'emits an exception of the condition as an error',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const e1 = hot('   -1-2-');
      const e1subs = '   ^!';
      const condition = (): never => {
        throw 'error';
      };
      expectObservable(windows(e1).pipe(whenWindow(condition))).toBe('-#');
      expectSubscriptions(e1.subscriptions).toBe(e1subs);
    }),
  );

  it(
    'unsubscribes from the windows when it is unsubscribed from',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const e1 = hot('   -1---2-');
      const subs = '     ^--!';
      expectObservable(windows(e1).pipe(whenWindow(over(4))), subs).toBe('-');
      expectSubscriptions(e1.subscriptions).toBe(subs);
    }),
  );

  it(
    'is a notifier for takeUntil',
    marbles(({ hot, expectObservable }) => {
      const e1 = windows(hot('-1-2-5-9-|'));
      const expected = '      -a-b-|';
      const shots = e1.pipe(
        takeUntil(e1.pipe(whenWindow(over(4)))),
        map(({ total }) => total.ended),
      );
      expectObservable(shots).toBe(expected, { a: 1, b: 2 });
    }),
  );

  it('reads a synchronous source only as far as necessary', () => {
    let read = 0;
    windows(of('1', '9', '9'))
      .pipe(
        tap(() => read++),
        whenWindow(over(4)),
        take(1),
      )
      .subscribe();
    assert.equal(read, 2);
  });

  it('emits once, also when further windows arrive meanwhile', () => {
    const source = new Subject<string>();
    const verdicts: StopReason[] = [];
    windows(source)
      .pipe(whenWindow(over(4)))
      .subscribe((verdict) => {
        verdicts.push(verdict);
        source.next('9');
      });
    source.next('5');
    assert.equal(verdicts.length, 1);
  });

  it('runs independently for each subscriber', () => {
    const verdicts = windows(of('3', '3')).pipe(whenWindow(over(5), { windows: 2 }));
    const seen: number[] = [];
    for (const _ of [1, 2]) verdicts.subscribe(({ window }) => seen.push(window.total.ended));
    assert.deepEqual(seen, [6, 6]);
  });

  const ANSWERS: readonly [answer: boolean | string, reason: string | undefined][] = [
    [true, 'the condition holds'],
    ['too slow', 'too slow'],
    [false, undefined],
    ['', undefined],
  ];
  for (const [answer, reason] of ANSWERS)
    it(`takes ${JSON.stringify(answer)} for ${reason ?? 'no'}`, () => {
      const seen: string[] = [];
      windows(of('1'))
        .pipe(whenWindow(() => answer))
        .subscribe((verdict) => seen.push(verdict.reason));
      assert.deepEqual(seen, reason === undefined ? [] : [reason]);
    });

  describe('onMissingTags', () => {
    const tagged = (...tags: string[]): Window => ({
      ...emptyWindow(0),
      tags: new Map(tags.map((tag) => [tag, { ...EMPTY_COUNTS, count: 1, ended: 1, ok: 1 }])),
    });
    const missing = (condition: (window: Window) => boolean, list: readonly Window[]): readonly string[] => {
      const reported: string[] = [];
      from(list)
        .pipe(whenWindow(condition, { onMissingTags: (tags) => reported.push(...tags) }))
        .subscribe();
      return reported;
    };

    it('is called at the end with the tags of the condition that no window had', () => {
      const condition = (window: Window): boolean =>
        percentile(window, 99, 'response', 'cart') > 1 || errorRate(window, 'crat') > 1;
      assert.deepEqual(missing(condition, [tagged('login'), tagged('cart')]), ['crat']);
    });

    it('is called when the condition held for another reason', () => {
      const condition = (window: Window): boolean => errorRate(window, 'crat') > 1 || window.tags.has('login');
      assert.deepEqual(missing(condition, [tagged('cart'), tagged('login')]), ['crat']);
    });

    it('finds groups and scenarios, and is not called when nothing is missing', () => {
      const group: Window = { ...tagged('cart'), groups: new Map([['shop', EMPTY_COUNTS]]) };
      const condition = (window: Window): boolean =>
        countsOf(window, 'shop') === undefined || window.tags.get('cart') === undefined;
      assert.deepEqual(missing(condition, [group]), []);
    });

    it('keeps 100 tags at most', () => {
      const condition = (window: Window): boolean => {
        for (let i = 0; i < 200; i++) window.tags.get(`t${i}`);
        return false;
      };
      assert.equal(missing(condition, [tagged('a')]).length, 100);
    });
  });

  for (const wanted of [0, 1.5, Number.NaN])
    it(`refuses ${wanted} windows`, () => {
      const refused = (error: unknown): boolean => isElpisError(error, 'ELPIS_CONFIG') && /windows/.test(error.message);
      assert.throws(() => whenWindow(() => true, { windows: wanted }), refused);
    });
});
