import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { map, type Observable, take } from 'rxjs';
import { type Cursor, DONE, PENDING } from '../../../lib/core/cursor.js';
import type { Tick } from '../../../lib/core/plan.js';
import { Pullable } from '../../../lib/pull/pullable.js';
import { constPlan } from '../../../lib/schedules/const.js';
import { unlimitedPlan } from '../../../lib/schedules/unlimited.js';
import { FakeProvider } from '../../../lib/testing/fakeProvider.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';
import { mapPulled } from '../../../operators/shots/mapPulled.js';
import { zipAmmo } from '../../../operators/shots/zipAmmo.js';
import { ticks } from '../../../operators/ticks/ticks.js';
import { marbles } from '../marbles.js';

const every2ms = constPlan({ ops: 500, duration: 6e6 });
const later = mapPulled<Tick>((tick) => ({ ...tick, at: tick.at + 1 }));
const shown = map(({ index }: Tick) => String(index));
const toTicks = (source: Observable<string>): Observable<Tick> =>
  source.pipe(map((i) => ({ index: Number(i), at: 0 })));

function open<T>(stream: Observable<T>, clock = new VirtualClock()): Cursor<T> {
  assert.ok(stream instanceof Pullable, 'stays pullable');
  return (stream as Pullable<T>).open(clock);
}

describe('mapPulled', () => {
  it(
    'changes each value, which is pushed when it is due by its own time',
    marbles(({ expectObservable, scheduler }) => {
      expectObservable(ticks(every2ms, { scheduler }).pipe(later, shown)).toBe('-0-1-2|');
    }),
  );

  it(
    'maps a pushed source as map does: never, empty, one, many, an error, a consumer that unsubscribes',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      for (const drawing of ['-', '|', '-0-|', '-0-1-(23)-|', '-0-#', '#'])
        expectObservable(toTicks(cold(drawing)).pipe(later, shown)).toBe(drawing);
      const source = cold('-0-1-2-|');
      expectObservable(toTicks(source).pipe(later, shown), '^---!').toBe('-0-1-');
      expectSubscriptions(source.subscriptions).toBe('^---!');
    }),
  );

  it(
    'errors with the exception of project, pushed or pulled',
    marbles(({ cold, expectObservable, expectSubscriptions, scheduler }) => {
      const fails = mapPulled<Tick>((tick) => {
        if (tick.index === 1) throw 'error';
        return tick;
      });
      const source = cold('-0-1-2-|');
      expectObservable(toTicks(source).pipe(fails, shown)).toBe('-0-#');
      expectSubscriptions(source.subscriptions).toBe('^--!');
      // The next value is made ahead of its time.
      expectObservable(ticks(every2ms, { scheduler }).pipe(fails, shown)).toBe('(0#)');
    }),
  );

  it('calls project once per value and only on demand', () => {
    const asked: number[] = [];
    const cursor = open(
      ticks(every2ms).pipe(
        mapPulled((tick) => {
          asked.push(tick.index);
          return { ...tick, at: tick.at + 1 };
        }),
      ),
    );
    assert.deepEqual(asked, []);
    const first = cursor.poll();
    assert.deepEqual(first, { index: 0, at: 1 });
    cursor.giveBack(first as Tick);
    assert.equal(cursor.poll(), first, 'given back as it was handed out');
    assert.deepEqual(asked, [0]);
  });

  it('has the number of remaining values, the end and the demand of the source', () => {
    const clock = new VirtualClock(100);
    const counted = open(ticks(every2ms).pipe(later), clock);
    assert.deepEqual([counted.left(), counted.onDemand()], [3, false]);
    const first = counted.poll() as Tick;
    assert.equal(counted.left(), 2);
    counted.giveBack(first);
    assert.equal(counted.left(), 3);
    for (let i = 0; i < 3; i++) counted.poll();
    assert.equal(counted.poll(), DONE);
    assert.equal(counted.finish(), 106);
    const endless = open(ticks(unlimitedPlan({ duration: 1e9 })).pipe(later), clock);
    assert.deepEqual([endless.left(), endless.onDemand()], [Number.POSITIVE_INFINITY, true]);
    endless.giveBack(endless.poll() as Tick);
    assert.equal(endless.onDemand(), false, 'one is there already');
    const unknown = open(new FakeProvider<Tick>().pipe(later));
    assert.deepEqual([unknown.left(), unknown.pushed], [undefined, false]);
  });

  it('waits with the source, passes its errors on, and closes it once', () => {
    const provider = new FakeProvider<{ readonly word: string }>();
    const cursor = open(provider.pipe(mapPulled(({ word }) => ({ word: word.toUpperCase() }))));
    assert.equal(cursor.poll(), PENDING);
    let woken = 0;
    cursor.whenReady(() => woken++);
    provider.load({ word: 'a' }).fail(new Error('gone'));
    assert.equal(woken, 1);
    assert.deepEqual(cursor.poll(), { word: 'A' });
    assert.throws(() => cursor.poll(), /gone/);
    cursor.close();
    assert.equal(provider.closed, 1);
  });

  it('releases the originals to the source, not the new values', () => {
    const provider = new FakeProvider<{ readonly word: string }>().load({ word: 'a' }, { word: 'b' });
    const [a, b] = [{ word: 'A' }, { word: 'b' }];
    const cursor = open(provider.pipe(mapPulled((ammo) => (ammo.word === 'a' ? a : ammo))));
    const made = cursor.poll() as typeof a;
    assert.equal(made, a);
    cursor.release(made);
    cursor.release(cursor.poll() as typeof b);
    assert.deepEqual(provider.released, [{ word: 'a' }, { word: 'b' }]);
    assert.deepEqual(provider.released[1], b);
  });

  it('changes shots, whose ammo is still drawn by demand', () => {
    const provider = new FakeProvider<string>().load('a', 'b');
    const cursor = open(
      ticks(every2ms).pipe(
        zipAmmo(provider),
        mapPulled((shot) => ({ ...shot, ammo: `${shot.ammo}!` })),
      ),
    );
    assert.deepEqual(provider.taken, []);
    const shot = cursor.poll();
    assert.ok(typeof shot === 'object' && shot.ammo === 'a!');
    assert.deepEqual(provider.taken, ['a']);
    cursor.release(shot);
    assert.deepEqual(provider.released, ['a']);
  });

  it('stops a source at once when the consumer unsubscribes inside next', () => {
    const provider = new FakeProvider<object>().load({}, {}, {});
    provider
      .pipe(
        mapPulled((ammo) => ammo),
        take(1),
      )
      .subscribe();
    assert.deepEqual([provider.taken.length, provider.closed], [1, 1]);
  });

  it('makes two independent runs when it is subscribed to twice', () => {
    const clock = new VirtualClock();
    const stream = ticks(every2ms, { scheduler: clock }).pipe(later);
    const seen: number[] = [];
    stream.subscribe(({ at }) => seen.push(at));
    clock.run(2);
    stream.subscribe(({ at }) => seen.push(at));
    clock.run();
    assert.deepEqual(
      seen.sort((a, b) => a - b),
      [1, 3, 3, 5, 5, 7],
    );
  });
});
