import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  concat,
  config,
  NEVER,
  Observable,
  type ObservableInput,
  of,
  range,
  Subject,
  throwError,
  UnsubscriptionError,
} from 'rxjs';
import { type Cursor, DONE, PENDING } from '../../../lib/core/cursor.js';
import { BacklogCursor, type BacklogOptions } from '../../../lib/pull/backlogCursor.js';
import { openCursor } from '../../../lib/pull/openCursor.js';
import { Pullable } from '../../../lib/pull/pullable.js';
import { FakeProvider, VirtualClock } from '../../../lib/testing/index.js';

const clock = new VirtualClock();
const woken = (cursor: Cursor<unknown>): Promise<void> => new Promise((resolve) => cursor.whenReady(resolve));

describe('openCursor', () => {
  it('pulls an iterable on demand and closes it early', () => {
    const log: string[] = [];
    function* numbers() {
      try {
        for (let i = 0; ; i++) {
          log.push(`made ${i}`);
          yield i;
        }
      } finally {
        log.push('closed');
      }
    }
    const cursor = openCursor(numbers(), clock);
    assert.deepEqual([log, cursor.poll(), cursor.poll()], [log, 0, 1]);
    cursor.giveBack(1);
    assert.equal(cursor.poll(), 1);
    cursor.close();
    cursor.close();
    assert.deepEqual(log, ['made 0', 'made 1', 'closed']);
  });

  it('pulls an async iterable, at most one value ahead', async () => {
    let made = 0;
    async function* numbers() {
      while (made < 2) yield made++;
    }
    const cursor = openCursor(numbers(), clock);
    assert.equal(cursor.poll(), PENDING);
    await woken(cursor);
    assert.equal(cursor.poll(), 0);
    await new Promise(setImmediate);
    assert.equal(made, 2);
    assert.equal(cursor.poll(), 1);
    await woken(cursor);
    assert.equal(cursor.poll(), DONE);
  });

  it('passes on exceptions of an async iterable', async () => {
    // biome-ignore lint/correctness/useYield: it fails before its first value
    async function* broken(): AsyncGenerator<number> {
      throw new Error('broken');
    }
    const cursor = openCursor(broken(), clock);
    assert.equal(cursor.poll(), PENDING);
    await woken(cursor);
    assert.throws(() => cursor.poll(), /broken/);
  });

  it('opens a Pullable itself', () => {
    const provider = new FakeProvider<string>().load('a');
    assert.equal(openCursor(provider, clock).poll(), 'a');
    assert.equal(provider.opened, 1);
  });

  it('opens a promise like any other ObservableInput', async () => {
    const cursor = openCursor(Promise.resolve('a'), clock);
    await woken(cursor);
    assert.equal(cursor.poll(), 'a');
  });
});

/** Values that are easily confused with "no value". */
const FALSY_VALUES: readonly unknown[] = [undefined, null, Number.NaN, 0, '', false, undefined];

async function all(cursor: Cursor<unknown>): Promise<unknown[]> {
  const seen: unknown[] = [];
  for (;;) {
    const polled = cursor.poll();
    if (polled === DONE) return seen;
    if (polled === PENDING) await woken(cursor);
    else seen.push(polled);
  }
}

async function* later(values: Iterable<unknown>) {
  yield* values;
}

describe('every cursor passes any value, also undefined, and takes it back', () => {
  const KINDS: readonly [kind: string, open: () => Cursor<unknown>][] = [
    ['an iterable', () => openCursor(FALSY_VALUES, clock)],
    ['an async iterable', () => openCursor(later(FALSY_VALUES), clock)],
    ['a backlog', () => openCursor(of(...FALSY_VALUES), clock)],
    ['a Pullable', () => openCursor(new Pullable(() => openCursor(FALSY_VALUES, clock)), clock)],
  ];
  for (const [kind, open] of KINDS) {
    it(kind, async () => {
      assert.deepEqual(await all(open()), FALSY_VALUES);
      const cursor = open();
      for (const value of FALSY_VALUES) cursor.giveBack(value);
      assert.deepEqual(await all(cursor), [...FALSY_VALUES.toReversed(), ...FALSY_VALUES]);
    });
  }

  it('a Pullable that is subscribed to, also when they are due later', () => {
    const virtual = new VirtualClock();
    const seen: unknown[] = [];
    const due = new Pullable(() => openCursor(FALSY_VALUES, clock), { scheduler: virtual, dueAt: () => 10 });
    due.subscribe((value) => seen.push(value));
    assert.deepEqual(seen, []);
    virtual.run();
    assert.deepEqual(seen, FALSY_VALUES);
  });
});

describe('an error of closing is reported to onCloseError, and has no other effect', () => {
  const broken = new Error('finally failed');
  const fail = (): never => {
    throw broken;
  };
  const failingOnClose = function* () {
    try {
      yield 1;
      yield 2;
    } finally {
      fail();
    }
  };
  const asyncFailingOnClose = async function* () {
    try {
      yield 1;
      yield 2;
    } finally {
      fail();
    }
  };
  const iterator = (part: object) => ({ [Symbol.asyncIterator]: () => part }) as AsyncIterable<number>;
  const next = async () => ({ done: false, value: 1 });
  const CASES: readonly [what: string, input: () => ObservableInput<number>][] = [
    ['a generator whose finally throws', failingOnClose],
    ['an async generator whose finally rejects', asyncFailingOnClose],
    ['an iterator whose return rejects', () => iterator({ next, return: async () => Promise.reject(broken) })],
    [
      'an iterator whose return throws',
      () =>
        iterator({
          next,
          return: () => {
            throw broken;
          },
        }),
    ],
    [
      'an Observable whose teardown throws',
      () =>
        new Observable<number>((subscriber) => {
          subscriber.next(1);
          return () => {
            throw broken;
          };
        }),
    ],
  ];
  for (const [what, input] of CASES) {
    it(what, async () => {
      const reported: unknown[] = [];
      const cursor = openCursor(input(), clock, { onCloseError: (error) => reported.push(error) });
      if (cursor.poll() === PENDING) {
        await woken(cursor);
        assert.equal(cursor.poll(), 1);
      }
      cursor.close();
      cursor.close();
      await new Promise(setImmediate);
      assert.deepEqual(
        reported.map((error) => (error instanceof UnsubscriptionError ? error.errors : [error])),
        [[broken]],
      );
    });

    it(`${what}: without onCloseError it is passed to config.onUnhandledError of RxJS`, async () => {
      const reported: unknown[] = [];
      config.onUnhandledError = (error) => reported.push(error);
      try {
        const cursor = openCursor(input(), clock);
        if (cursor.poll() === PENDING) await woken(cursor);
        cursor.close();
        await new Promise(setImmediate);
      } finally {
        config.onUnhandledError = null;
      }
      assert.equal(reported.length, 1);
    });
  }

  it('a read that fails after the close is reported too', async () => {
    const reported: unknown[] = [];
    let fail: (error: Error) => void = () => undefined;
    const pending = iterator({ next: () => new Promise((_, reject) => (fail = reject)) });
    const cursor = openCursor(pending, clock, { onCloseError: (error) => reported.push(error) });
    assert.equal(cursor.poll(), PENDING);
    cursor.close();
    fail(broken);
    await new Promise(setImmediate);
    assert.deepEqual(reported, [broken]);
  });

  it('an iterator that is done or has failed is not closed again', async () => {
    let returned = 0;
    const counting = (part: object) => ({ ...part, return: async () => ({ done: true, value: returned++ }) });
    const done = openCursor(iterator(counting({ next: async () => ({ done: true, value: 0 }) })), clock);
    assert.deepEqual(await all(done), []);
    done.close();
    const failing = openCursor(iterator(counting({ next: async () => Promise.reject(broken) })), clock);
    await assert.rejects(all(failing), broken);
    failing.close();
    assert.equal(returned, 0);
  });

  it('an iterator whose next throws instead of rejecting fails the stream, after the value before', async () => {
    let asked = 0;
    const cursor = openCursor(
      iterator({
        next: () => {
          if (asked++ > 0) throw broken;
          return next();
        },
      }),
      clock,
    );
    assert.equal(cursor.poll(), PENDING);
    await woken(cursor);
    assert.equal(cursor.poll(), 1);
    assert.throws(() => cursor.poll(), broken);
  });
});

describe('BacklogCursor', () => {
  it('buffers early values in order, then ends', () => {
    const cursor = new BacklogCursor(of(1, 2));
    assert.deepEqual([cursor.pushed, cursor.waiting, cursor.left()], [true, 2, 2]);
    assert.deepEqual([cursor.poll(), cursor.poll(), cursor.left(), cursor.poll()], [1, 2, 0, DONE]);
  });

  it('wakes the waiting consumer once', () => {
    const source = new Subject<number>();
    const cursor = new BacklogCursor(source);
    let wakes = 0;
    assert.equal(cursor.poll(), PENDING);
    cursor.whenReady(() => wakes++);
    source.next(1);
    source.next(2);
    assert.deepEqual([wakes, cursor.waiting], [1, 2]);
    cursor.close();
    assert.equal(source.observed, false);
  });

  it('an error follows the waiting values, in the order of the source', () => {
    const errors: unknown[] = [];
    const source = concat(
      of(1, 2, 3),
      throwError(() => 'broken'),
    );
    const cursor = new BacklogCursor(source, { onError: (error) => errors.push(error) });
    assert.equal(cursor.left(), 3);
    assert.deepEqual([cursor.poll(), cursor.poll(), cursor.poll()], [1, 2, 3]);
    assert.equal(cursor.left(), 0, 'the next poll ends it');
    assert.throws(() => cursor.poll(), /broken/);
    assert.deepEqual(errors, []);
  });

  it('an error is reported at once when no value waits', () => {
    const errors: unknown[] = [];
    const source = new Subject<number>();
    const cursor = new BacklogCursor(source, { onError: (error) => errors.push(error) });
    source.next(1);
    assert.equal(cursor.poll(), 1);
    source.error('broken');
    assert.deepEqual(errors, ['broken']);
  });

  /** [overflow, capacity, what waits after 1 to 4 were pushed, what was dropped] */
  const BOUNDS: readonly [BacklogOptions<number>, waits: readonly number[], dropped: readonly number[]][] = [
    [{ capacity: 4 }, [1, 2, 3, 4], []],
    [{ capacity: 3 }, [], [1, 2, 3, 4]],
    [{ overflow: 'abort', capacity: 1 }, [], [1, 2]],
    [{ overflow: 'queue', capacity: 3 }, [1, 2, 3], [4]],
    [{ overflow: 'queue', capacity: 0 }, [], [1, 2, 3, 4]],
    [{ overflow: 'discard', capacity: 3 }, [], [1, 2, 3, 4]],
  ];
  for (const [bounds, waits, dropped] of BOUNDS) {
    it(`with ${JSON.stringify(bounds)}, ${waits.length} of 4 wait and ${dropped.length} are dropped and counted`, () => {
      const seen: number[] = [];
      const cursor = new BacklogCursor(of(1, 2, 3, 4), { ...bounds, onDiscard: (value) => seen.push(value) });
      assert.deepEqual([cursor.waiting, cursor.discarded, seen], [waits.length, dropped.length, dropped]);
      for (const value of waits) assert.equal(cursor.poll(), value);
    });
  }

  it('has a bound of 65,536 by default', () => {
    assert.equal(new BacklogCursor(range(0, 65_536)).waiting, 65_536);
    assert.throws(() => new BacklogCursor(range(0, 65_537)).poll(), /the backlog of values is full: more than 65536/);
  });

  it('fails with the exception of onDiscard, after the waiting values', () => {
    const onDiscard = (): void => {
      throw new Error('no record');
    };
    const cursor = new BacklogCursor(of(1, 2, 3), { overflow: 'queue', capacity: 1, onDiscard });
    assert.equal(cursor.poll(), 1);
    assert.throws(() => cursor.poll(), /no record/);
    assert.throws(() => new BacklogCursor(of(1, 2), { capacity: 1, onDiscard }).poll(), /no record/);
  });

  it('puts values that are given back before all waiting ones, outside of its bound', () => {
    const cursor = new BacklogCursor(of(1, 2), { overflow: 'queue', capacity: 2 });
    cursor.giveBack(cursor.poll() as number);
    assert.deepEqual([cursor.waiting, cursor.left(), cursor.poll(), cursor.poll()], [2, 2, 1, 2]);
  });
});

describe('Pullable', () => {
  it('pushes to a subscriber and closes its cursor once', () => {
    const provider = new FakeProvider<string>().load('a', 'b').finish();
    const seen: string[] = [];
    provider.subscribe({ next: (value) => seen.push(value), complete: () => seen.push('|') });
    assert.deepEqual([seen, provider.closed], [['a', 'b', '|'], 1]);
  });

  it('waits for values, and stops when it is unsubscribed from', () => {
    const provider = new FakeProvider<string>();
    const seen: string[] = [];
    const subscription = provider.subscribe((value) => {
      seen.push(value);
      if (value === 'b') subscription.unsubscribe();
    });
    provider.load('a');
    provider.load('b', 'c');
    assert.deepEqual([seen, provider.taken, provider.closed], [['a', 'b'], ['a', 'b'], 1]);
  });

  it('passes an error on', () => {
    let seen: unknown;
    new FakeProvider<string>().fail(new Error('broken')).subscribe({
      error: (error: unknown) => {
        seen = error;
      },
    });
    assert.match(String(seen), /broken/);
    assert.ok(new Pullable(() => openCursor(NEVER, clock)).subscribe());
  });
});
