import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { concat, NEVER, of, Subject, throwError } from 'rxjs';
import { type Cursor, DONE, PENDING } from '../../../lib/core/cursor.js';
import { BacklogCursor } from '../../../lib/pull/backlogCursor.js';
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

  it('throws what an async iterable throws', async () => {
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

  it('takes a promise as it takes any other ObservableInput', async () => {
    const cursor = openCursor(Promise.resolve('a'), clock);
    await woken(cursor);
    assert.equal(cursor.poll(), 'a');
  });
});

describe('BacklogCursor', () => {
  it('keeps what comes too early, in order, then tells the end', () => {
    const cursor = new BacklogCursor(of(1, 2));
    assert.deepEqual(
      [cursor.waiting, cursor.left(), cursor.poll(), cursor.poll(), cursor.left(), cursor.poll()],
      [2, 2, 1, 2, 0, DONE],
    );
  });

  it('wakes whoever waits, once', () => {
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

  it('passes an error on at once', () => {
    const cursor = new BacklogCursor(
      concat(
        of(1),
        throwError(() => new Error('broken')),
      ),
    );
    assert.throws(() => cursor.poll(), /broken/);
  });
});

describe('Pullable', () => {
  it('pushes to a subscriber and closes its cursor once', () => {
    const provider = new FakeProvider<string>().load('a', 'b').finish();
    const seen: string[] = [];
    provider.subscribe({ next: (value) => seen.push(value), complete: () => seen.push('|') });
    assert.deepEqual([seen, provider.closed], [['a', 'b', '|'], 1]);
  });

  it('waits for what is not there yet, and stops when it is unsubscribed from', () => {
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
