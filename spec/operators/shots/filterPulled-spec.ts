import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { map, type Observable, take } from 'rxjs';
import { type Cursor, DONE, PENDING } from '../../../lib/core/cursor.js';
import type { Tick } from '../../../lib/core/plan.js';
import { Pullable } from '../../../lib/pull/pullable.js';
import { constPlan } from '../../../lib/schedules/const.js';
import { FakeProvider } from '../../../lib/testing/fakeProvider.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';
import { filterPulled } from '../../../operators/shots/filterPulled.js';
import { zipAmmo } from '../../../operators/shots/zipAmmo.js';
import { ticks } from '../../../operators/ticks/ticks.js';
import { marbles } from '../marbles.js';

const every2ms = constPlan({ ops: 500, duration: 12e6 });
const third = filterPulled<Tick>(({ index }) => index % 3 === 0);
const shown = map(({ index }: Tick) => String(index));
const toTicks = (source: Observable<string>): Observable<Tick> =>
  source.pipe(map((i) => ({ index: Number(i), at: 0 })));

function open<T>(stream: Observable<T>): Cursor<T> {
  assert.ok(stream instanceof Pullable, 'stays pullable');
  return (stream as Pullable<T>).open(new VirtualClock());
}

describe('filterPulled', () => {
  it(
    'keeps values, at their moments and with their numbers',
    marbles(({ expectObservable, scheduler }) => {
      expectObservable(ticks(every2ms, { scheduler }).pipe(third, shown)).toBe('0-----3-----|');
    }),
  );

  it(
    'filters a pushed source as filter does: never, empty, one, many, an error, a consumer that unsubscribes',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const rows = [
        ['-', '-'],
        ['|', '|'],
        ['-0-|', '-0-|'],
        ['-1-|', '---|'],
        ['-0-1-2-3-|', '-0-----3-|'],
        ['-0-1-#', '-0---#'],
      ] as const;
      for (const [given, kept] of rows) expectObservable(toTicks(cold(given)).pipe(third, shown)).toBe(kept);
      const source = cold('-0-1-3-|');
      expectObservable(toTicks(source).pipe(third, shown), '^---!').toBe('-0---');
      expectSubscriptions(source.subscriptions).toBe('^---!');
    }),
  );

  it(
    'errors with the exception of keep',
    marbles(({ cold, expectObservable }) => {
      const fails = filterPulled<Tick>(() => {
        throw 'error';
      });
      expectObservable(toTicks(cold('-0-1-2-|')).pipe(fails, shown)).toBe('-#');
    }),
  );

  it('draws until a value is kept, releases the others, and passes errors on', () => {
    const provider = new FakeProvider<string>().load('a', 'b', 'c', 'd').fail(new Error('gone'));
    const cursor = open(provider.pipe(filterPulled((ammo) => ammo === 'c')));
    assert.deepEqual(provider.taken, []);
    assert.equal(cursor.poll(), 'c');
    assert.deepEqual(provider.taken, ['a', 'b', 'c']);
    assert.deepEqual(provider.released, ['a', 'b']);
    cursor.release('c');
    assert.deepEqual(provider.released, ['a', 'b', 'c']);
    assert.throws(() => cursor.poll(), /gone/);
    cursor.close();
    assert.equal(provider.closed, 1);
  });

  it('waits with the source', () => {
    const provider = new FakeProvider<string>().load('a');
    const cursor = open(provider.pipe(filterPulled((ammo) => ammo !== 'a')));
    assert.equal(cursor.poll(), PENDING);
    let woken = 0;
    cursor.whenReady(() => woken++);
    provider.load('b').finish();
    assert.equal(woken, 1);
    assert.deepEqual([cursor.poll(), cursor.poll()], ['b', DONE]);
  });

  it('does not know how many values it keeps, except for an empty source', () => {
    const cursor = open(ticks(every2ms).pipe(third));
    assert.equal(cursor.left(), undefined);
    assert.deepEqual(
      [cursor.poll(), cursor.poll()],
      [
        { index: 0, at: 0 },
        { index: 3, at: 6 },
      ],
    );
    assert.equal(cursor.poll(), DONE);
    assert.equal(cursor.left(), 0);
    assert.equal(cursor.finish(), 12);
  });

  it('before zipAmmo it uses no ammo for dropped ticks', () => {
    const provider = new FakeProvider<string>().load('a', 'b', 'c');
    const cursor = open(ticks(every2ms).pipe(third, zipAmmo(provider)));
    const shots = [cursor.poll(), cursor.poll(), cursor.poll()];
    assert.deepEqual(
      shots.map((shot) => (typeof shot === 'object' ? [shot.index, shot.ammo] : shot)),
      [[0, 'a'], [3, 'b'], DONE],
    );
    assert.deepEqual(provider.givenBack, ['c']);
  });

  it('stops a source at once when the consumer unsubscribes inside next; twice subscribed it runs twice', () => {
    const provider = new FakeProvider<string>().load('a', 'b', 'c');
    const stream = provider.pipe(
      filterPulled(() => true),
      take(1),
    );
    stream.subscribe();
    assert.deepEqual([provider.taken.length, provider.opened, provider.closed], [1, 1, 1]);
    stream.subscribe();
    assert.deepEqual([provider.taken.length, provider.opened, provider.closed], [2, 2, 2]);
  });
});
