import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { concat, NEVER, type ObservableInput, of, Subject, take, throwError } from 'rxjs';
import { type Cursor, DONE, PENDING } from '../../../lib/core/cursor.js';
import { isElpisError } from '../../../lib/core/errors.js';
import { BaseCursor } from '../../../lib/pull/baseCursor.js';
import { Pullable } from '../../../lib/pull/pullable.js';
import { constPlan } from '../../../lib/schedules/const.js';
import { FakeProvider } from '../../../lib/testing/fakeProvider.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';
import { type MixAmmoOptions, mixAmmo } from '../../../operators/shots/mixAmmo.js';
import { zipAmmo } from '../../../operators/shots/zipAmmo.js';
import { ticks } from '../../../operators/ticks/ticks.js';
import { marbles } from '../marbles.js';

const two = <A>(a: ObservableInput<A>, b: ObservableInput<A>, options: MixAmmoOptions = {}): Pullable<A> =>
  mixAmmo<[A, A]>(
    [
      { weight: 2, ammo: a },
      { weight: 1, ammo: b },
    ],
    options,
  );

function drawn<A>(cursor: Cursor<A>, most = 100): A[] {
  const ammo: A[] = [];
  for (let polled = cursor.poll(); polled !== DONE; polled = cursor.poll()) {
    assert.notEqual(polled, PENDING);
    ammo.push(polled as A);
    if (ammo.length === most) break;
  }
  return ammo;
}

const open = <A>(mix: Pullable<A>): Cursor<A> => mix.open(new VirtualClock());

describe('mixAmmo', () => {
  it(
    'mixes by weight, and ends when the next provider in the order has ended',
    marbles(({ expectObservable, scheduler }) => {
      expectObservable(two('abcd', 'xyz', { scheduler })).toBe('(axbcyd|)');
    }),
  );

  it(
    'continues with the others when configured',
    marbles(({ expectObservable, scheduler }) => {
      const options = { whenOneEnds: 'continue', scheduler } as const;
      expectObservable(two('abcd', 'xyz', options)).toBe('(axbcydz|)');
      expectObservable(two('', 'xyz', options)).toBe('(xyz|)');
      expectObservable(two('', '', options)).toBe('|');
    }),
  );

  it(
    'is empty when the first provider in the order is empty',
    marbles(({ expectObservable, scheduler }) => {
      expectObservable(two('', 'xyz', { scheduler })).toBe('|');
      expectObservable(two('abc', '', { scheduler })).toBe('(a|)');
    }),
  );

  it(
    'waits for the next provider in the order, and keeps the order',
    marbles(({ hot, expectObservable, expectSubscriptions, scheduler }) => {
      const e1 = hot('   ----a-----b-|');
      const e1subs = '   ^-----------!';
      const e2 = hot('   xyz----------');
      const e2subs = '   ^-----------!';
      const expected = ' ----(ax)--b-|';
      expectObservable(two(e1, e2, { scheduler })).toBe(expected);
      expectSubscriptions(e1.subscriptions).toBe(e1subs);
      expectSubscriptions(e2.subscriptions).toBe(e2subs);
    }),
  );

  it(
    'neither emits nor completes while the next provider in the order does not',
    marbles(({ hot, expectObservable, scheduler }) => {
      expectObservable(two(hot('-'), hot('x-|'), { scheduler })).toBe('-');
    }),
  );

  it(
    'passes on an error of any provider when it is next in the order',
    marbles(({ hot, expectObservable, expectSubscriptions, scheduler }) => {
      const e1 = hot('   -a-#---');
      const e1subs = '   ^--!---';
      const e2 = hot('   -----x-');
      const e2subs = '   ^----!-';
      const expected = ' -a---(x#)';
      expectObservable(two(e1, e2, { scheduler })).toBe(expected);
      expectSubscriptions(e1.subscriptions).toBe(e1subs);
      expectSubscriptions(e2.subscriptions).toBe(e2subs);
      expectObservable(two(of('a', 'b', 'c'), hot('-#'), { scheduler })).toBe('a#');
    }),
  );

  it(
    'closes every provider when it is unsubscribed from',
    marbles(({ hot, expectObservable, expectSubscriptions, scheduler }) => {
      const e1 = hot('   -a---b');
      const e2 = hot('   -----x');
      const subs = '     ^--!';
      expectObservable(two(e1, e2, { scheduler }), subs).toBe('-a-');
      expectSubscriptions(e1.subscriptions).toBe(subs);
      expectSubscriptions(e2.subscriptions).toBe(subs);
    }),
  );

  it('stops at once when it is unsubscribed from inside next, and closes each provider once', () => {
    const a = new FakeProvider<string>().load('a', 'b');
    const b = new FakeProvider<string>().load('x', 'y');
    const seen: string[] = [];
    two(a, b)
      .pipe(take(2))
      .subscribe((ammo) => seen.push(ammo));
    assert.deepEqual(seen, ['a', 'x']);
    assert.deepEqual([a.taken, b.taken], [['a'], ['x']]);
    assert.deepEqual([a.closed, b.closed], [1, 1]);
  });

  it('draws one ammo per demand, never ahead', () => {
    const a = new FakeProvider<string>().load('a', 'b', 'c');
    const b = new FakeProvider<string>().load('x');
    const cursor = zipAmmo(two(a, b))(ticks(constPlan({ ops: 500, duration: 8e6 }))).open(new VirtualClock());
    assert.deepEqual([a.taken, b.taken], [[], []]);
    cursor.poll();
    cursor.poll();
    assert.deepEqual([a.taken, b.taken], [['a'], ['x']]);
  });

  it('mixes the same order from pulled and from pushed providers', () => {
    const pushed = new Subject<number>();
    const cursor = open(two<number>([1, 2, 3, 4], pushed));
    for (const value of [10, 20]) pushed.next(value);
    pushed.complete();
    assert.deepEqual(drawn(cursor), drawn(open(two<number>([1, 2, 3, 4], [10, 20]))));
  });

  it('makes an independent run each time it is opened', () => {
    const mix = two('abcd', 'xyz');
    const first = open(mix);
    first.poll();
    assert.deepEqual(drawn(open(mix)), ['a', 'x', 'b', 'c', 'y', 'd']);
    assert.deepEqual(drawn(first), ['x', 'b', 'c', 'y', 'd']);
  });

  it('returns ammo that was given back first, and counts it once', () => {
    const cursor = open(two('abcd', 'xyz'));
    const [a, x] = [cursor.poll(), cursor.poll()] as [string, string];
    cursor.giveBack(x);
    cursor.giveBack(a);
    assert.deepEqual(drawn(cursor), ['a', 'x', 'b', 'c', 'y', 'd']);
  });

  it('releases ammo to the provider that it was drawn from, the same value too, and after that provider has completed', () => {
    const a = new FakeProvider<string>().load('same', 'a').finish();
    const b = new FakeProvider<string>().load('same', 'b', 'c').finish();
    const cursor = open(two(a, b, { whenOneEnds: 'continue' }));
    assert.deepEqual(drawn(cursor), ['same', 'same', 'a', 'b', 'c']);
    for (const ammo of ['c', 'same', 'same', 'a']) cursor.release(ammo);
    assert.deepEqual(
      [a.released, b.released],
      [
        ['same', 'a'],
        ['c', 'same'],
      ],
    );
    cursor.release('a');
    assert.equal(a.released.length, 2);
  });

  it('releases ammo that was given back and not drawn again when it is closed; a second close does nothing', () => {
    const a = new FakeProvider<string>().load('a');
    const cursor = open(two(a, []));
    cursor.giveBack(cursor.poll() as string);
    cursor.close();
    cursor.close();
    assert.deepEqual(a.released, ['a']);
    assert.equal(a.closed, 1);
  });

  it('closes the opened providers when one cannot be opened', () => {
    const a = new FakeProvider<string>();
    const broken = new Pullable<string>(() => {
      throw new Error('no such file');
    });
    assert.throws(() => open(two(a, broken)), /no such file/);
    assert.equal(a.closed, 1);
  });

  it('fails with a clear error when a provider pushes more than its backlog holds', () => {
    const pushed = new Subject<string>();
    const cursor = open(two(pushed, NEVER, { backlog: { capacity: 2 } }));
    for (const value of ['a', 'b', 'c']) pushed.next(value);
    assert.throws(() => cursor.poll(), /the backlog of ammo is full: more than 2/);
  });

  it('drops and counts ammo beyond the backlog of a provider with another overflow policy', () => {
    const pushed = new Subject<string>();
    const dropped: unknown[] = [];
    const backlog = { capacity: 1, overflow: 'queue', onDiscard: (value: unknown) => dropped.push(value) } as const;
    const cursor = open(two(pushed, NEVER, { backlog }));
    for (const value of ['a', 'b']) pushed.next(value);
    assert.deepEqual([cursor.poll(), dropped], ['a', ['b']]);
  });

  const LEFT: readonly [what: string, mix: Pullable<string> | Pullable<number>, left: number | undefined][] = [
    ['unknown while that of the providers is unknown', two<string>('ab', 'xy'), undefined],
    ['the sum, when it continues to the last', two<number>(counted(3), counted(4), { whenOneEnds: 'continue' }), 7],
    ['unknown, when it ends with the first', two<number>(counted(3), counted(4)), undefined],
    ['0, when the next provider is empty', two<number>(counted(0), counted(4)), 0],
    ['endless, when all are', two<number>(counted(Infinity), counted(Infinity)), Infinity],
    [
      'unknown, of a share',
      two<number>(counted(3), counted(4), { whenOneEnds: 'continue', share: { index: 0, of: 2 } }),
      undefined,
    ],
  ];
  for (const [what, mix, left] of LEFT)
    it(`knows how much is left: ${what}`, () => assert.equal(mix.open(new VirtualClock()).left(), left));

  it('counts ammo that was given back as left', () => {
    const cursor = open(two<number>(counted(3), counted(4), { whenOneEnds: 'continue' }));
    cursor.giveBack(cursor.poll() as number);
    assert.equal(cursor.left(), 7);
  });

  it('is the same in shares: all threads together draw the mix of one, in its order', () => {
    const size = fc.integer({ min: 0, max: 40 });
    const weight = fc.integer({ min: 1, max: 20 });
    const whenOneEnds = fc.constantFrom('end', 'continue');
    fc.assert(
      fc.property(fc.array(fc.tuple(weight, size), { minLength: 1, maxLength: 5 }), whenOneEnds, (sources, ends) => {
        const mixOf = (index: number, of: number): string[] => {
          const providers = sources.map(([w, n], s) => ({
            weight: w,
            ammo: Array.from({ length: n }, (_, i) => `${s}.${i}`),
          }));
          return drawn(open(mixAmmo(providers, { whenOneEnds: ends, share: { index, of } })), 1000);
        };
        const shares = [0, 1, 2].map((index) => mixOf(index, 3));
        const whole = mixOf(0, 1);
        assert.deepEqual(
          whole.map((_, i) => shares[i % 3]?.[Math.floor(i / 3)]),
          whole,
        );
        assert.equal(shares.flat().length, whole.length);
      }),
      { numRuns: 50 },
    );
  });

  it('releases ammo of other shares immediately', () => {
    const a = new FakeProvider<string>().load('a', 'b').finish();
    const cursor = open(mixAmmo([{ weight: 1, ammo: a }], { share: { index: 1, of: 2 } }));
    assert.equal(cursor.poll(), 'b');
    assert.deepEqual(a.released, ['a']);
  });

  it('emits a value that arrives while another is handled in its order', () => {
    const pushed = new Subject<string>();
    const seen: string[] = [];
    two(pushed, 'xyz').subscribe((ammo) => {
      seen.push(ammo);
      if (ammo === 'a') pushed.next('b');
    });
    pushed.next('a');
    pushed.next('c');
    assert.deepEqual(seen, ['a', 'x', 'b', 'c', 'y']);
  });

  it('handles an Observable that fails immediately like any other', () => {
    const cursor = open(
      two(
        concat(
          of('a'),
          throwError(() => new Error('broken')),
        ),
        'x',
      ),
    );
    assert.deepEqual([cursor.poll(), cursor.poll()], ['a', 'x'], 'what it pushed before comes first');
    assert.throws(() => cursor.poll(), /broken/);
  });

  const REFUSED: readonly [what: string, weights: readonly number[], message: RegExp][] = [
    ['no providers', [], /no providers/],
    ['a weight of 0', [1, 0], /the weight of provider 2 cannot be 0; expected a number above 0/],
    ['a negative weight', [-1], /weight of provider 1 cannot be -1/],
    ['no number', [Number.NaN], /weight of provider 1 cannot be NaN/],
    ['an endless weight', [Infinity], /cannot be Infinity/],
  ];
  for (const [what, weights, message] of REFUSED)
    it(`refuses ${what}`, () => {
      const mix = (): unknown => mixAmmo(weights.map((weight) => ({ weight, ammo: 'a' })));
      assert.throws(mix, (error) => isElpisError(error, 'ELPIS_CONFIG') && message.test(error.message));
    });
});

/** A provider that returns how much is left. */
function counted(count: number): Pullable<number> {
  class Counted extends BaseCursor<number> {
    #next = 0;
    protected override draw() {
      return this.#next < count ? this.#next++ : DONE;
    }
    protected override drawable(): number {
      return count - this.#next;
    }
  }
  return new Pullable<number>(() => new Counted());
}
