import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { map, NEVER, type Observable, Subject } from 'rxjs';
import { type Cursor, DONE, PENDING, type Polled } from '../../../lib/core/cursor.js';
import { type ElpisError, isElpisError } from '../../../lib/core/errors.js';
import type { Tick } from '../../../lib/core/plan.js';
import type { Shot } from '../../../lib/core/shot.js';
import type { BacklogOptions } from '../../../lib/pull/backlogCursor.js';
import { BaseCursor } from '../../../lib/pull/baseCursor.js';
import { Pullable } from '../../../lib/pull/pullable.js';
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
    'neither emits nor completes while a pushed side does not',
    marbles(({ expectObservable, hot, scheduler }) => {
      expectObservable(toTicks(hot('-')).pipe(zipAmmo('ab', { scheduler }), ammo)).toBe('-');
      expectObservable(ticks(every2ms).pipe(zipAmmo(hot<string>('-'), { scheduler }), ammo)).toBe('-');
    }),
  );

  it(
    'also zips pushed ticks and pushed ammo, in order',
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

  describe('zipAmmo, when more is pushed than taken', () => {
    const at = (index: number): Tick => ({ index, at: 0 });

    /** Pushes into one side while the other is empty, then pushes into the other. */
    function flooded<T>(name: 'ticks' | 'ammo', bounds: BacklogOptions<T>) {
      const [pushedTicks, pushedAmmo] = [new Subject<Tick>(), new Subject<string>()];
      const dropped: unknown[] = [];
      const backlog = { ...bounds, onDiscard: (value: unknown) => dropped.push(value) };
      const cursor = zipAmmo(pushedAmmo, { [name]: backlog })(pushedTicks).open(new VirtualClock());
      return { pushedTicks, pushedAmmo, dropped, cursor };
    }
    const drawn = (cursor: Cursor<Shot<string>>): unknown[] => {
      const seen: unknown[] = [];
      for (let shot = cursor.poll(); typeof shot === 'object'; shot = cursor.poll()) seen.push([shot.index, shot.ammo]);
      return seen;
    };

    it('abort: ends with an error that names the ticks and the remedy; waiting ticks are passed to onDiscard', () => {
      const { pushedTicks, cursor, dropped } = flooded<Tick>('ticks', { capacity: 2 });
      for (const index of [0, 1]) pushedTicks.next(at(index));
      assert.equal(cursor.poll(), PENDING);
      assert.deepEqual(dropped, []);
      pushedTicks.next(at(2));
      assert.throws(
        () => cursor.poll(),
        (error) =>
          isElpisError(error, 'ELPIS_OVERFLOW') &&
          /the backlog of ticks is full: more than 2/.test(error.message) &&
          /mapPulled.*instances.*ticks: { capacity, overflow }/.test(String(error.hint)),
      );
      assert.deepEqual(dropped, [at(0), at(1), at(2)]);
      assert.equal(pushedTicks.observed, false);
    });

    it('abort: names the ammo, too', () => {
      const { pushedAmmo, cursor, dropped } = flooded<string>('ammo', { capacity: 1 });
      for (const value of ['a', 'b']) pushedAmmo.next(value);
      assert.throws(
        () => cursor.poll(),
        (error) =>
          isElpisError(error, 'ELPIS_OVERFLOW') &&
          /the backlog of ammo is full: more than 1/.test(error.message) &&
          /limit the source/.test(String(error.hint)),
      );
      assert.deepEqual(dropped, ['a', 'b']);
    });

    it('abort: ends a subscription at the moment of the overflow', () => {
      const clock = new VirtualClock();
      const pushedTicks = new Subject<Tick>();
      const ends: string[] = [];
      pushedTicks.pipe(zipAmmo<string>(NEVER, { scheduler: clock, ticks: { capacity: 2 } })).subscribe({
        error: ({ code }: ElpisError) => ends.push(code),
      });
      // The first goes to the waiting consumer.
      for (const index of [0, 1]) pushedTicks.next(at(index));
      assert.deepEqual(ends, []);
      pushedTicks.next(at(2));
      assert.deepEqual(ends, ['ELPIS_OVERFLOW']);
    });

    it('queue: keeps the first, and drops those that arrive when it is full', () => {
      const { pushedTicks, pushedAmmo, cursor, dropped } = flooded<Tick>('ticks', { capacity: 2, overflow: 'queue' });
      for (const index of [0, 1, 2, 3]) pushedTicks.next(at(index));
      for (const value of 'abcd') pushedAmmo.next(value);
      assert.deepEqual(drawn(cursor), [
        [0, 'a'],
        [1, 'b'],
      ]);
      assert.deepEqual(dropped, [at(2), at(3)]);
    });

    it('discard: keeps a value only for a waiting consumer', () => {
      const { pushedTicks, pushedAmmo, cursor, dropped } = flooded<Tick>('ticks', { overflow: 'discard' });
      pushedTicks.next(at(0));
      pushedAmmo.next('a');
      assert.equal(cursor.poll(), PENDING);
      cursor.whenReady(() => undefined);
      pushedTicks.next(at(1));
      assert.deepEqual(drawn(cursor), [[1, 'a']]);
      assert.deepEqual(dropped, [at(0)]);
    });
  });

  it('fails when pushed ticks fail while it waits for ammo that never arrives', () => {
    const pushedTicks = new Subject<Tick>();
    const ends: unknown[] = [];
    pushedTicks.pipe(zipAmmo<string>(NEVER)).subscribe({ error: (error) => ends.push(error) });
    pushedTicks.error('broken');
    assert.deepEqual(ends, ['broken']);
  });

  it('closes the ammo also when the ticks cannot be closed', () => {
    class Broken extends BaseCursor<Tick> {
      protected override draw(): Polled<Tick> {
        return PENDING;
      }
      override close(): void {
        throw new Error('stuck');
      }
    }
    const provider = new FakeProvider<string>();
    const cursor = zipAmmo(provider)(new Pullable(() => new Broken())).open(new VirtualClock());
    assert.throws(() => cursor.close(), /stuck/);
    assert.equal(provider.closed, 1);
  });

  it('zips any ammo, also undefined', () => {
    const cursor = zipAmmo([undefined, null, Number.NaN])(ticks(every2ms)).open(new VirtualClock());
    const seen = [cursor.poll(), cursor.poll(), cursor.poll()].map((shot) => (shot as Shot<unknown>).ammo);
    assert.deepEqual(seen, [undefined, null, Number.NaN]);
    assert.equal(cursor.poll(), DONE);
  });

  it('never reads ammo ahead of demand', () => {
    const provider = new FakeProvider<string>().load('a', 'b', 'c');
    const cursor = zipAmmo(provider)(ticks(every2ms)).open(new VirtualClock());
    assert.deepEqual(provider.taken, []);
    cursor.poll();
    assert.deepEqual(provider.taken, ['a']);
  });

  it('gives ammo without a tick back, and closes both sides once', () => {
    const provider = new FakeProvider<string>().load('a', 'b');
    const cursor = zipAmmo(provider)(ticks(constPlan({ ops: 1, duration: 1e9 }))).open(new VirtualClock());
    assert.notEqual(cursor.poll(), DONE);
    assert.equal(cursor.poll(), DONE);
    assert.deepEqual(provider.givenBack, ['b']);
    cursor.close();
    assert.equal(provider.closed, 1);
  });

  it('is pending while there is no ammo, and wakes up when it arrives', () => {
    const provider = new FakeProvider<string>();
    const cursor = zipAmmo(provider)(ticks(every2ms)).open(new VirtualClock(7));
    assert.equal(cursor.poll(), PENDING);
    let woken = 0;
    cursor.whenReady(() => woken++);
    provider.load('a');
    assert.equal(woken, 1);
    const moments = { at: 7, demand: undefined, started: 0, slotWait: 0 };
    assert.deepEqual(cursor.poll(), { index: 0, ammo: 'a', instance: -1, ...moments });
  });

  it('returns a shot that was given back at the next poll', () => {
    const cursor = zipAmmo('ab')(ticks(every2ms)).open(new VirtualClock());
    const shot = cursor.poll();
    assert.ok(typeof shot === 'object');
    cursor.giveBack(shot);
    assert.equal(cursor.poll(), shot);
  });
});
