import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { from, map, NEVER, of, pipe, type SchedulerLike, Subject, Subscription, take } from 'rxjs';
import { isElpisError } from '../../../lib/core/errors.js';
import type { TimedSample } from '../../../lib/core/sample.js';
import type { Window } from '../../../lib/measure/window.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';
import { type RollUpOptions, rollUp } from '../../../operators/samples/rollUp.js';
import { marbles } from '../marbles.js';
import { letters, timed } from '../timed.js';

/** A window as a text: the tags with their numbers, and its span when it is partial. */
const told = ({ tags, partial, from, to }: Window): string =>
  [...tags].map(([tag, { count }]) => `${tag}${count}`).join(' ') + (partial ? ` ${from}-${to}` : '');
const rolled = (options: RollUpOptions) => pipe(letters, rollUp(options), map(told));

async function windowsOf(samples: readonly TimedSample[], options: RollUpOptions = {}): Promise<Window> {
  const windows: Window[] = [];
  const scheduler = new VirtualClock(2500);
  from(samples)
    .pipe(rollUp({ scheduler, ...options }))
    .subscribe((window) => windows.push(window));
  const [window] = windows;
  if (window === undefined || windows.length > 1) assert.fail(`${windows.length} windows`);
  return window;
}

describe('rollUp', () => {
  it(
    'sends one window after another, empty ones too, and the last when the samples complete',
    marbles(({ hot, expectObservable, expectSubscriptions, scheduler }) => {
      const e1 = hot('   --a-a----------b--|');
      const e1subs = '   ^-----------------!';
      const expected = ' -----x----y----y--(z|)';
      expectObservable(e1.pipe(rolled({ everyMs: 5, scheduler }))).toBe(expected, { x: 'a2', y: '', z: 'b1 15-18' });
      expectSubscriptions(e1.subscriptions).toBe(e1subs);
    }),
  );

  it(
    'sends nothing without time and samples, and empty windows while no sample arrives',
    marbles(({ cold, expectObservable, scheduler }) => {
      const values = { y: '', z: ' 5-7', p: 'a1 0-0' };
      expectObservable(cold<string>('|').pipe(rolled({ everyMs: 5, scheduler }))).toBe('|');
      expectObservable(cold<string>('-------|').pipe(rolled({ everyMs: 5, scheduler }))).toBe('-----y-(z|)', values);
      expectObservable(cold<string>('-----|').pipe(rolled({ everyMs: 5, scheduler }))).toBe('-----(y|)', values);
      expectObservable(cold<string>('(a|)').pipe(rolled({ everyMs: 5, scheduler }))).toBe('(p|)', values);
      expectObservable(cold<string>('-').pipe(rolled({ everyMs: 5, scheduler })), '^------------!').toBe(
        '-----y----y',
        values,
      );
    }),
  );

  it(
    'counts a sample at the boundary in the window that begins there',
    marbles(({ hot, expectObservable, scheduler }) => {
      const e1 = hot('   a----b----c---|');
      const expected = ' -----x----y---(z|)';
      const values = { x: 'a1', y: 'b1', z: 'c1 10-14' };
      expectObservable(e1.pipe(rolled({ everyMs: 5, scheduler }))).toBe(expected, values);
    }),
  );

  it(
    'aligns windows to the epoch, to a moment or to the start; the first may be partial',
    marbles(({ hot, expectObservable, scheduler }) => {
      const e1 = hot('   ---a---b----|');
      const subs = '     --^----------!';
      const values = { p: 'a1 2-5', q: 'b1', r: ' 10-12', s: 'a1 2-4', t: 'b1', u: ' 9-12', v: 'a1', w: 'b1' };
      expectObservable(e1.pipe(rolled({ everyMs: 5, scheduler })), subs).toBe('-----p----q-(r|)', values);
      expectObservable(e1.pipe(rolled({ everyMs: 5, origin: 4, scheduler })), subs).toBe('----s----t--(u|)', values);
      expectObservable(e1.pipe(rolled({ everyMs: 5, origin: 'start', scheduler })), subs).toBe(
        '-------v----(w|)',
        values,
      );
    }),
  );

  for (const [late, is] of [
    [50, 'whole'],
    [51, 'partial'],
  ] as const)
    it(`a first window that begins ${late} ms late is ${is}`, () => {
      const scheduler = new VirtualClock(1000 + late);
      const windows: Window[] = [];
      const samples = new Subject<TimedSample>();
      samples.pipe(rollUp({ everyMs: 1000, scheduler })).subscribe((window) => windows.push(window));
      scheduler.advance(3000);
      assert.deepEqual(
        windows.map(({ from, partial }) => [from, partial]),
        [
          [1000 + late, is === 'partial'],
          [2000, false],
          [3000, false],
        ],
      );
    });

  it(
    'passes on an error after the open window',
    marbles(({ cold, expectObservable, scheduler }) => {
      expectObservable(cold('--a-#').pipe(rolled({ everyMs: 9, scheduler }))).toBe('----(p#)', { p: 'a1 0-4' });
    }),
  );

  it(
    'emits an exception of key as an error, after the open window',
    marbles(({ hot, expectObservable, expectSubscriptions, scheduler }) => {
      const key = ({ tag }: TimedSample): string => {
        if (tag === 'b') throw 'error';
        return tag;
      };
      const e1 = hot('   -a-b-a');
      const e1subs = '   ^--!';
      const expected = ' ---(p#)';
      expectObservable(e1.pipe(rolled({ key, scheduler }))).toBe(expected, { p: 'a1 0-3' });
      expectSubscriptions(e1.subscriptions).toBe(e1subs);
    }),
  );

  it(
    'stops its timer and the samples when it is unsubscribed from',
    marbles(({ hot, expectObservable, expectSubscriptions, scheduler }) => {
      const e1 = hot('   -a--------');
      const subs = '     ^------!';
      expectObservable(e1.pipe(rolled({ everyMs: 5, scheduler })), subs).toBe('-----x', { x: 'a1' });
      expectSubscriptions(e1.subscriptions).toBe(subs);
    }),
  );

  it('leaves no timer behind when it is unsubscribed from inside next', () => {
    const clock = new VirtualClock();
    NEVER.pipe(rollUp({ scheduler: clock }), take(1)).subscribe();
    clock.run();
    assert.equal(clock.now(), 1000);
  });

  it('stops a synchronous source when it is unsubscribed from inside next', () => {
    const clock = new VirtualClock();
    let read = 0;
    const source = from([1, 2, 3, 4]).pipe(
      map(() => {
        read++;
        // The clock has advanced while the source was busy.
        clock.advance(700);
        return timed(1);
      }),
    );
    const seen: number[] = [];
    source.pipe(rollUp({ scheduler: clock }), take(1)).subscribe(({ total }) => seen.push(total.count));
    assert.deepEqual([read, seen], [2, [1]]);
  });

  it('sends all ended windows when its timer is late', () => {
    let now = 0;
    const late: SchedulerLike = { now: () => now, schedule: () => new Subscription() };
    const source = new Subject<TimedSample>();
    const seen: string[] = [];
    source.pipe(rollUp({ everyMs: 10, scheduler: late })).subscribe((window) => {
      seen.push(`${window.from}-${window.to}:${window.total.count}`);
    });
    source.next(timed(1));
    now = 35;
    source.next(timed(1));
    source.complete();
    assert.deepEqual(seen, ['0-10:1', '10-20:0', '20-30:0', '30-35:1']);
  });

  it('counts a sample that arrives while a window is handled in the next one', () => {
    const clock = new VirtualClock();
    const source = new Subject<TimedSample>();
    const counts: number[] = [];
    source.pipe(rollUp({ everyMs: 10, scheduler: clock }), take(2)).subscribe(({ total }) => {
      counts.push(total.count);
      source.next(timed(1));
    });
    clock.run();
    assert.deepEqual(counts, [0, 1]);
  });

  it('runs independently for each subscriber', () => {
    const windows = of(timed(1), timed(2)).pipe(rollUp({ scheduler: new VirtualClock() }));
    const counts: number[] = [];
    for (const _ of [1, 2]) windows.subscribe(({ total }) => counts.push(total.count));
    assert.deepEqual(counts, [2, 2]);
  });

  it('counts the outcomes of operations, with their times', async () => {
    const { total } = await windowsOf([
      timed(10, { bytesIn: 7, bytesOut: 5 }),
      timed(20, { intended: 900, protoCode: 503 }),
      timed(30, { netCode: 110, protoCode: 0 }),
      timed(0, { outcome: 'discarded', instance: -1 }),
      timed(40, { outcome: 'unfinished' }),
      timed(50, { outcome: 'unfinished', instance: -1 }),
    ]);
    const { response, service, count, ended, ok, bad, failed, discarded, unfinished, bytesIn, bytesOut } = total;
    assert.deepEqual(
      [count, ended, ok, bad, failed, discarded, unfinished, bytesIn, bytesOut],
      [6, 3, 1, 1, 1, 1, 2, 7, 5],
    );
    assert.deepEqual([response.count, response.minUs, response.maxUs], [5, 10_000, 120_000]);
    assert.deepEqual([service.count, service.minUs, service.maxUs], [4, 10_000, 40_000]);
  });

  it('adds tags up to the total', async () => {
    const { total, tags } = await windowsOf([timed(1, { tag: 'a' }), timed(2, { tag: 'b' }), timed(3, { tag: 'a' })]);
    assert.deepEqual(
      [...tags].map(([tag, { ended: shots }]) => [tag, shots]),
      [
        ['a', 2],
        ['b', 1],
      ],
    );
    assert.deepEqual([total.ended, total.response.count, total.response.maxUs], [3, 3, 3000]);
  });

  it('counts groups and scenarios apart, and not in the total', async () => {
    const samples = [
      timed(1, { tag: 'a' }),
      timed(9, { tag: 'a', scope: 'group' }),
      timed(9, { tag: 's', scope: 'scenario' }),
    ];
    const { total, tags, groups, scenarios } = await windowsOf(samples);
    assert.deepEqual([total.ended, total.response.maxUs, tags.size], [1, 1000, 1]);
    assert.deepEqual([groups.get('a')?.ended, scenarios.get('s')?.ended], [1, 1]);
  });

  it('groups samples by another key when configured', async () => {
    const key = ({ protoCode }: TimedSample): string => String(protoCode);
    const { tags } = await windowsOf([timed(1), timed(1, { protoCode: 404 })], { key });
    assert.deepEqual([...tags.keys()], ['200', '404']);
  });

  it('counts tags beyond the limit together, and how many samples they had', async () => {
    const samples = ['a', 'b', 'c', 'd', 'c', 'a'].map((tag) => timed(1, { tag }));
    const { tags, total, beyondTagLimit } = await windowsOf(samples, { tagLimit: 2 });
    assert.deepEqual(
      [...tags].map(([tag, { ended: shots }]) => [tag, shots]),
      [
        ['a', 2],
        ['b', 1],
        ['(other tags)', 3],
      ],
    );
    assert.deepEqual([total.ended, beyondTagLimit], [6, 3]);
  });

  it('reports the first tag beyond the limit once', async () => {
    const reported: string[] = [];
    const samples = ['a', 'b', 'c', 'b'].map((tag) => timed(1, { tag }));
    await windowsOf(samples, { tagLimit: 1, onTagLimit: (tag) => reported.push(tag) });
    assert.deepEqual(reported, ['b']);
  });

  it('counts the first tags of the subscription separately in all windows', () => {
    const clock = new VirtualClock();
    const source = new Subject<TimedSample>();
    const seen: string[] = [];
    source
      .pipe(rollUp({ tagLimit: 1, scheduler: clock }))
      .subscribe(({ tags }) => seen.push([...tags.keys()].join(' ')));
    for (const tag of ['a', 'b', 'a']) {
      source.next(timed(1, { tag }));
      clock.advance(1000);
    }
    source.complete();
    assert.deepEqual(seen, ['a', '(other tags)', 'a']);
  });

  it('counts all tags together with a limit of 0', async () => {
    const { tags, total } = await windowsOf([timed(1, { tag: 'a' }), timed(1)], { tagLimit: 0 });
    assert.deepEqual([[...tags.keys()], total.ended], [['(other tags)'], 2]);
  });

  for (const everyMs of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
    it(`refuses windows of ${everyMs} ms`, () => {
      assert.throws(
        () => rollUp({ everyMs }),
        (error) => isElpisError(error, 'ELPIS_CONFIG') && /everyMs/.test(error.message),
      );
    });
});
