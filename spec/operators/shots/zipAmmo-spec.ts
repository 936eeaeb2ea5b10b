import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { map, type Observable } from 'rxjs';
import { DONE, PENDING } from '../../../lib/core/cursor.js';
import type { Tick } from '../../../lib/core/plan.js';
import type { Shot } from '../../../lib/core/shot.js';
import { constPlan } from '../../../lib/schedules/const.js';
import { FakeProvider } from '../../../lib/testing/fakeProvider.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';
import { zipAmmo } from '../../../operators/shots/zipAmmo.js';
import { ticks } from '../../../operators/ticks/ticks.js';
import { marbles } from '../marbles.js';

const every2ms = constPlan({ ops: 500, duration: 8e6 });
const ammo = map(({ ammo: a }: Shot<string>) => a);
const toTicks = (source: Observable<string>): Observable<Tick> =>
  source.pipe(map((i) => ({ index: Number(i), at: 0 })));

describe('zipAmmo', () => {
  it(
    'draws one ammo for each tick and completes with the ticks',
    marbles(({ expectObservable, scheduler }) => {
      const expected = 'a-b-c-d-|';
      expectObservable(ticks(every2ms).pipe(zipAmmo('abcdef', { scheduler }), ammo)).toBe(expected);
    }),
  );

  it(
    'completes when the ammo is finished, at the finish time of the ticks',
    marbles(({ expectObservable, scheduler }) => {
      const expected = 'a-b-c-d-|';
      expectObservable(ticks(every2ms).pipe(zipAmmo('abcd', { scheduler }), ammo)).toBe(expected);
      expectObservable(ticks(every2ms).pipe(zipAmmo('ab', { scheduler }), ammo)).toBe('a-b-----|');
    }),
  );

  it(
    'completes at once without ammo',
    marbles(({ expectObservable, scheduler }) => {
      expectObservable(ticks(every2ms).pipe(zipAmmo([], { scheduler }), ammo)).toBe('|');
    }),
  );

  it(
    'never completes nor emits while a pushed side never does',
    marbles(({ expectObservable, hot, scheduler }) => {
      expectObservable(toTicks(hot('-')).pipe(zipAmmo('ab', { scheduler }), ammo)).toBe('-');
      expectObservable(ticks(every2ms).pipe(zipAmmo(hot<string>('-'), { scheduler }), ammo)).toBe('-');
    }),
  );

  it(
    'takes pushed ticks and pushed ammo too, in order',
    marbles(({ expectObservable, hot, expectSubscriptions, scheduler }) => {
      const e1 = hot('    -0-1-----2|');
      const e1subs = '    ^---------!';
      const e2 = hot('    ---a-b-c------|');
      const e2subs = '    ^---------!';
      const expected = '  ---a-b---c|';
      expectObservable(toTicks(e1).pipe(zipAmmo(e2, { scheduler }), ammo)).toBe(expected);
      expectSubscriptions(e1.subscriptions).toBe(e1subs);
      expectSubscriptions(e2.subscriptions).toBe(e2subs);
    }),
  );

  it(
    'passes on an error of either side',
    marbles(({ expectObservable, hot, scheduler }) => {
      expectObservable(toTicks(hot('-0-#')).pipe(zipAmmo('abc', { scheduler }), ammo)).toBe('-a-#');
      expectObservable(ticks(every2ms).pipe(zipAmmo(hot<string>('ab-#'), { scheduler }), ammo)).toBe('a-b#');
    }),
  );

  it(
    'fails with a clear error when pushed ticks overflow the backlog',
    marbles(({ hot, expectObservable, scheduler }) => {
      const source = toTicks(hot('-0123'));
      const shots = source.pipe(zipAmmo(hot<string>('-'), { scheduler, ticks: { capacity: 2 } }));
      shots.subscribe({ error: (error: Error) => assert.match(error.message, /more than 2 values/) });
      expectObservable(hot('-')).toBe('-');
    }),
  );

  it('never reads ammo ahead of demand', () => {
    const provider = new FakeProvider<string>().load('a', 'b', 'c');
    const cursor = zipAmmo(provider)(ticks(every2ms)).open(new VirtualClock());
    assert.deepEqual(provider.taken, []);
    cursor.poll();
    assert.deepEqual(provider.taken, ['a']);
  });

  it('gives back ammo for which there is no tick any more, and closes both sides once', () => {
    const provider = new FakeProvider<string>().load('a', 'b');
    const cursor = zipAmmo(provider)(ticks(constPlan({ ops: 1, duration: 1e9 }))).open(new VirtualClock());
    assert.notEqual(cursor.poll(), DONE);
    assert.equal(cursor.poll(), DONE);
    assert.deepEqual(provider.givenBack, ['b']);
    cursor.close();
    assert.equal(provider.closed, 1);
  });

  it('is pending while there is no ammo, and wakes up when it comes', () => {
    const provider = new FakeProvider<string>();
    const cursor = zipAmmo(provider)(ticks(every2ms)).open(new VirtualClock(7));
    assert.equal(cursor.poll(), PENDING);
    let woken = 0;
    cursor.whenReady(() => woken++);
    provider.load('a');
    assert.equal(woken, 1);
    assert.deepEqual(cursor.poll(), { index: 0, at: 7, ammo: 'a', instance: -1, started: 0, slotWait: 0 });
  });

  it('hands a shot that was given back to the next who asks', () => {
    const cursor = zipAmmo('ab')(ticks(every2ms)).open(new VirtualClock());
    const shot = cursor.poll();
    assert.ok(typeof shot === 'object');
    cursor.giveBack(shot);
    assert.equal(cursor.poll(), shot);
  });
});
