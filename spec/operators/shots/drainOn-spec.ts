import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defer, map, merge, type Observable, of, type SchedulerLike, take } from 'rxjs';
import { constPlan } from '../../../lib/schedules/const.js';
import { FakeGunFactory } from '../../../lib/testing/fakeGuns.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';
import { drainOn } from '../../../operators/shots/drainOn.js';
import { shoot } from '../../../operators/shots/shoot.js';
import { zipAmmo } from '../../../operators/shots/zipAmmo.js';
import { ticks } from '../../../operators/ticks/ticks.js';
import { marbles } from '../marbles.js';

const limits = { x: 300, d: 30_000 };

describe('drainOn', () => {
  it(
    'emits the limit at each value, and passes on completion, errors and unsubscribing',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      for (const [notes, expected] of [
        ['--a--b--|', '--x--x--|'],
        ['--|', '--|'],
        ['---', '---'],
        ['--a-#', '--x-#'],
      ] as const) {
        expectObservable(drainOn(hot(notes), 300)).toBe(expected, limits);
      }
      const notifier = hot('--a--b--');
      expectObservable(drainOn(notifier), '^---!').toBe('--d', limits);
      expectSubscriptions(notifier.subscriptions).toBe('^---!');
      const once = hot('--a--b--');
      expectObservable(drainOn(once).pipe(take(1))).toBe('--(d|)', limits);
      expectSubscriptions(once.subscriptions).toBe('^-!');
    }),
  );

  it('emits at the abort of a signal, and at once for one that was aborted before', () => {
    const controller = new AbortController();
    const seen: unknown[] = [];
    const subscribe = () =>
      drainOn(controller.signal, 5).subscribe({ next: (limit) => seen.push(limit), complete: () => seen.push('end') });
    subscribe();
    const left = drainOn(controller.signal, 7).subscribe((limit) => seen.push(limit));
    left.unsubscribe();
    assert.deepEqual(seen, []);
    controller.abort();
    assert.deepEqual(seen, [5, 'end']);
    subscribe();
    assert.deepEqual(seen, [5, 'end', 5, 'end']);
  });

  it('is subscribed to by each subscriber on its own', () => {
    const seen: number[] = [];
    const drain = drainOn([1, 2], 9);
    drain.subscribe((limit) => seen.push(limit));
    drain.subscribe((limit) => seen.push(limit));
    assert.deepEqual(seen, [9, 9, 9, 9]);
  });
});

describe('shoot with a drain', () => {
  const every2ms = constPlan({ ops: 500, duration: 20e6 });
  const guns = (scheduler: SchedulerLike, latencyMs: number) => new FakeGunFactory<string>({ scheduler, latencyMs });

  it(
    'drains, then ends at the later limit; an error of the drain fails the shots, its completion does not end them',
    marbles(({ hot, expectObservable, scheduler }) => {
      const run = (drain: Observable<number>, ms: number) =>
        ticks(every2ms).pipe(
          zipAmmo('abcdefghij'),
          shoot<string, { readonly index: number; readonly outcome: string }>(guns(scheduler, ms), {
            scheduler,
            instances: 9,
            unfinished: ({ index }) => ({ index, outcome: 'unfinished' }),
            drain,
          }),
          map(({ index, outcome }) => (outcome === 'unfinished' ? 'ABCDEFGHIJ' : 'abcdefghij')[index]),
        );
      expectObservable(run(drainOn(hot('-----x'), 10), 3)).toBe('---a-b-(c|)');
      expectObservable(run(drainOn(hot('-----x'), 3), 9)).toBe(' --------(ABC|)'.trim());
      const later = merge(drainOn(hot('-----x'), 1000), drainOn(hot('-------x'), 0));
      expectObservable(run(later, 9)).toBe('             -------(ABC|)'.trim());
      expectObservable(run(hot<number>('----#'), 3)).toBe('     ---a(B#)'.trim());
      expectObservable(run(hot<number>('-|'), 3)).toBe('        ---a-b-c-d-e-f-g-h-i-(j|)'.trim());
      expectObservable(run(drainOn([1], 10), 3)).toBe('|');
    }),
  );

  it('opens and starts nothing when it is drained before it begins', () => {
    const clock = new VirtualClock();
    const gunFactory = guns(clock, 3);
    let subscriptions = 0;
    const shots = defer(() => {
      subscriptions++;
      return of({ index: 0, at: 0, ammo: 'a', instance: -1, started: 0, slotWait: 0 });
    });
    let completed = false;
    shots.pipe(shoot(gunFactory, { scheduler: clock, drain: drainOn([1], 10) })).subscribe({
      complete: () => {
        completed = true;
      },
    });
    assert.deepEqual([completed, subscriptions, gunFactory.made], [true, 0, 0]);
  });
});
