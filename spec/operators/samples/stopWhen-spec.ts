import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { from, map, type Observable, pipe, Subject, Subscription, take, tap, timer } from 'rxjs';
import { defined } from '../../../lib/core/defined.js';
import { isElpisError } from '../../../lib/core/errors.js';
import type { TimedSample } from '../../../lib/core/sample.js';
import type { Millis } from '../../../lib/core/units.js';
import type { Window } from '../../../lib/measure/window.js';
import { constPlan } from '../../../lib/schedules/const.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';
import { percentile } from '../../../operators/samples/percentile.js';
import { type StopWhenOptions, stopWhen } from '../../../operators/samples/stopWhen.js';
import type { StopReason } from '../../../operators/samples/whenWindow.js';
import { shoot } from '../../../operators/shots/shoot.js';
import { zipAmmo } from '../../../operators/shots/zipAmmo.js';
import { ticks } from '../../../operators/ticks/ticks.js';
import { marbles } from '../marbles.js';
import { letters, timed } from '../timed.js';

const atLeast = (shots: number) => (window: Window) => window.total.ended >= shots;
const tag = map(({ tag: letter }: TimedSample) => letter);
const stopping = (condition: (window: Window) => boolean | string, options: StopWhenOptions) =>
  pipe(letters, stopWhen(condition, options), tag);

describe('stopWhen', () => {
  it(
    'passes samples on and completes at the end of the window for which the condition holds',
    marbles(({ hot, expectObservable, expectSubscriptions, scheduler }) => {
      const e1 = hot('   -a-b----c--d-e---f');
      const e1subs = '   ^--------------!--';
      const expected = ' -a-b----c--d-e-|--';
      expectObservable(e1.pipe(stopping(atLeast(2), { everyMs: 5, windows: 1, scheduler }))).toBe('-a-b-|');
      expectObservable(e1.pipe(stopping((w) => percentile(w, 99) > 4, { everyMs: 5, scheduler }))).toBe(expected);
      expectSubscriptions(e1.subscriptions).toBe(['^----!', e1subs]);
    }),
  );

  it(
    'judges several windows in a row as one',
    marbles(({ hot, expectObservable, scheduler }) => {
      const e1 = hot('   -a-b-c-----d--e----');
      const expected = ' -a-b-c----|';
      expectObservable(e1.pipe(stopping(atLeast(3), { everyMs: 5, windows: 2, scheduler }))).toBe(expected);
    }),
  );

  it(
    'begins its windows with the subscription, so that all are whole',
    marbles(({ hot, expectObservable, scheduler }) => {
      const e1 = hot('   ---a--b---');
      const subs = '     --^-------';
      const expected = ' ---a--b|';
      expectObservable(e1.pipe(stopping(atLeast(2), { everyMs: 5, scheduler })), subs).toBe(expected);
    }),
  );

  it(
    'changes nothing when the condition never holds',
    marbles(({ cold, expectObservable, scheduler }) => {
      const never = stopping(() => false, { everyMs: 2, scheduler });
      expectObservable(cold('-a-b---|').pipe(never)).toBe('-a-b---|');
      expectObservable(cold<string>('|').pipe(never)).toBe('|');
      expectObservable(cold<string>('-').pipe(never), '^-----!').toBe('-');
      expectObservable(cold<string>('-a-#').pipe(never)).toBe('-a-#');
    }),
  );

  it(
    'does not judge the last, partial window',
    marbles(({ cold, expectObservable, scheduler }) => {
      const judged: Window[] = [];
      const condition = (window: Window): boolean => judged.push(window) > 0;
      expectObservable(cold('-a-|').pipe(stopping(condition, { everyMs: 5, scheduler }))).toBe('-a-|');
      scheduler.schedule(() => assert.deepEqual(judged, []), 4);
    }),
  );

  it(
    'continues with the source until it ends with source: drain',
    marbles(({ hot, expectObservable, expectSubscriptions, scheduler }) => {
      const e1 = hot('   -a-b---c------d|');
      const e1subs = '   ^--------------!';
      const expected = ' -a-b---c------d|';
      const verdicts: StopReason[] = [];
      const onStop = (verdict: StopReason): unknown => verdicts.push(verdict);
      const options: StopWhenOptions = { everyMs: 5, source: 'drain', onStop, scheduler };
      expectObservable(e1.pipe(stopping(atLeast(1), options))).toBe(expected);
      expectSubscriptions(e1.subscriptions).toBe(e1subs);
      scheduler.schedule(() => assert.equal(verdicts.length, 1), 20);
    }),
  );

  it(
    'emits an exception of the condition, the key or onStop as an error',
    marbles(({ hot, expectObservable, expectSubscriptions, scheduler }) => {
      const broken = (): never => {
        throw 'error';
      };
      const e1 = hot('   -a---');
      expectObservable(e1.pipe(stopping(broken, { everyMs: 3, scheduler }))).toBe('-a-#');
      expectObservable(e1.pipe(stopping(() => true, { everyMs: 3, onStop: broken, scheduler }))).toBe('-a-#');
      expectObservable(e1.pipe(stopping(() => true, { everyMs: 3, key: broken, scheduler }))).toBe('-#');
      expectSubscriptions(e1.subscriptions).toBe(['^--!', '^--!', '^!']);
    }),
  );

  it(
    'stops its timer and the source when it is unsubscribed from',
    marbles(({ hot, expectObservable, expectSubscriptions, scheduler }) => {
      const e1 = hot('   -a-------');
      const subs = '     ^-----!';
      expectObservable(e1.pipe(stopping(atLeast(2), { everyMs: 4, scheduler })), subs).toBe('-a----');
      expectSubscriptions(e1.subscriptions).toBe(subs);
    }),
  );

  it('leaves no timer behind when it is unsubscribed from inside next, and stops a synchronous source', () => {
    const clock = new VirtualClock();
    let read = 0;
    from([1, 2, 3])
      .pipe(
        tap(() => read++),
        map((ms) => timed(ms)),
        stopWhen(() => false, { scheduler: clock }),
        take(2),
      )
      .subscribe();
    clock.run();
    assert.deepEqual([read, clock.now()], [2, 0]);
  });

  it('passes on the sample that ends the window, and then completes', () => {
    let now = 0;
    const scheduler = { now: () => now, schedule: () => new Subscription() };
    const source = new Subject<TimedSample>();
    const seen: unknown[] = [];
    const onStop = ({ window, reason }: StopReason): unknown => seen.push([window.total.ended, reason]);
    source
      .pipe(
        stopWhen(() => 'enough', { everyMs: 5, onStop, scheduler }),
        tag,
      )
      .subscribe({
        next: (letter) => seen.push(letter),
        complete: () => seen.push('|'),
      });
    source.next(timed(1, { tag: 'a' }));
    now = 6;
    source.next(timed(1, { tag: 'b' }));
    source.next(timed(1, { tag: 'c' }));
    assert.deepEqual(seen, ['a', [1, 'enough'], 'b', '|']);
    assert.equal(source.observed, false);
  });

  it('passes on samples that arrive while the reason is reported', () => {
    let now = 0;
    const scheduler = { now: () => now, schedule: () => new Subscription() };
    const source = new Subject<TimedSample>();
    const seen: string[] = [];
    const onStop = (): void => source.next(timed(1, { tag: 'last' }));
    source
      .pipe(
        stopWhen(() => true, { everyMs: 5, onStop, source: 'drain', scheduler }),
        tag,
      )
      .subscribe((letter) => {
        seen.push(letter);
      });
    now = 6;
    source.next(timed(1, { tag: 'a' }));
    source.next(timed(1, { tag: 'b' }));
    assert.deepEqual(seen, ['last', 'a', 'b']);
  });

  it('judges a tag without a limit of tags, and groups all beyond the limit', () => {
    for (const [tagLimit, expected] of [
      [undefined, ['a', 'b']],
      [1, ['a', '(other tags)']],
    ] as const) {
      const clock = new VirtualClock();
      const tags: string[][] = [];
      const judge = (window: Window): boolean => tags.push([...window.tags.keys()]) > 0;
      const source = new Subject<TimedSample>();
      source.pipe(stopWhen(judge, { scheduler: clock, ...defined({ tagLimit }) })).subscribe();
      for (const letter of ['a', 'b']) source.next(timed(1, { tag: letter }));
      clock.run();
      assert.deepEqual(tags, [expected]);
    }
  });

  it('stops for one tag among many', () => {
    const clock = new VirtualClock();
    const reasons: string[] = [];
    const source = new Subject<TimedSample>();
    const slow = (window: Window) => percentile(window, 99, 'response', 't150') > 50 && 't150 is slow';
    source.pipe(stopWhen(slow, { scheduler: clock, onStop: ({ reason }) => reasons.push(reason) })).subscribe();
    for (let i = 0; i < 200; i++) source.next(timed(i === 150 ? 100 : 1, { tag: `t${i}` }));
    clock.advance(1000);
    assert.deepEqual([reasons, source.observed], [['t150 is slow'], false]);
  });

  it('reports tags that no sample had when the samples are over', () => {
    const clock = new VirtualClock();
    const missing: (readonly string[])[] = [];
    const source = new Subject<TimedSample>();
    const typo = (window: Window) => percentile(window, 99, 'response', 'crat') > 50;
    source.pipe(stopWhen(typo, { scheduler: clock, onMissingTags: (tags) => missing.push(tags) })).subscribe();
    source.next(timed(1, { tag: 'cart' }));
    clock.advance(1000);
    assert.deepEqual(missing, []);
    source.complete();
    assert.deepEqual(missing, [['crat']]);
  });

  it('reports to a listener too, for each subscription, and leaves the operator itself as it is', () => {
    const clock = new VirtualClock();
    const heard: string[] = [];
    const operator = stopWhen<TimedSample>(() => 'enough', {
      scheduler: clock,
      onStop: ({ reason }) => heard.push(`own: ${reason}`),
    });
    const listening = operator.reportingTo({
      stopped: ({ reason }) => heard.push(`listener: ${reason}`),
      missingTags: () => assert.fail('none is missing'),
    });
    const source = new Subject<TimedSample>();
    source.pipe(listening).subscribe();
    clock.advance(1000);
    assert.deepEqual(heard, ['listener: enough', 'own: enough']);
    source.pipe(operator).subscribe();
    clock.advance(1000);
    assert.deepEqual(heard.slice(2), ['own: enough']);
  });

  it('runs independently for each subscriber', () => {
    const clock = new VirtualClock();
    const source = new Subject<TimedSample>();
    const ended: number[] = [];
    const stopped: Observable<TimedSample> = source.pipe(stopWhen(atLeast(1), { everyMs: 10, scheduler: clock }));
    stopped.subscribe({ complete: () => ended.push(clock.now()) });
    clock.advance(5);
    stopped.subscribe({ complete: () => ended.push(clock.now()) });
    source.next(timed(1));
    clock.run();
    assert.deepEqual(ended, [10, 15]);
  });

  it('ends a run by the drain of shoot: shots under way are recorded', () => {
    const clock = new VirtualClock();
    const drain = new Subject<Millis>();
    const seen: string[] = [];
    let slow = 0;
    // Each shot takes 100 ms more than the one before.
    const gun = { shoot: () => timer(++slow * 100, clock).pipe(map(() => timed(slow))) };
    const every100ms = constPlan({ ops: 10, duration: 60e9 });
    ticks(every100ms, { scheduler: clock })
      .pipe(
        zipAmmo(Array<string>(1000).fill('ammo')),
        shoot<string, TimedSample>(
          { create: () => gun },
          { instances: 50, drain, scheduler: clock, unfinished: () => timed(1, { tag: 'unfinished' }) },
        ),
        stopWhen((window) => percentile(window, 100, 'service') > 8, {
          source: 'drain',
          onStop: () => drain.next(0),
          scheduler: clock,
        }),
      )
      .subscribe({ next: ({ tag: told }) => seen.push(told), complete: () => seen.push('|') });
    clock.run();
    assert.equal(seen.at(-1), '|');
    assert.ok(seen.includes('unfinished'));
    assert.ok(clock.now() < 10_000, String(clock.now()));
  });

  it('refuses invalid windows', () => {
    const refused = (error: unknown): boolean => isElpisError(error, 'ELPIS_CONFIG');
    assert.throws(() => stopWhen(() => true, { everyMs: 0 }), refused);
    assert.throws(() => stopWhen(() => true, { windows: 0 }), refused);
  });
});
