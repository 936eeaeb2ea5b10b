import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { of, Subject } from 'rxjs';
import { type Cursor, DONE, PENDING, type Polled } from '../../../lib/core/cursor.js';
import { isElpisError } from '../../../lib/core/errors.js';
import { SharedAmmo, type SharedAmmoOptions } from '../../../lib/engine/sharedAmmo.js';
import { BaseCursor } from '../../../lib/pull/baseCursor.js';
import { Pullable } from '../../../lib/pull/pullable.js';
import { FakeProvider } from '../../../lib/testing/fakeProvider.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';

const clock = new VirtualClock();

/** Polls return what a test sets; `wake` is never called. */
class Scripted extends BaseCursor<string> {
  polls: (() => Polled<string>)[] = [];
  closed = 0;

  protected override draw(): Polled<string> {
    return this.polls.shift()?.() ?? PENDING;
  }

  override whenReady(): void {}

  override close(): void {
    this.closed++;
  }
}

function sharedBy(count: number, provider = new FakeProvider<string>(), options: SharedAmmoOptions = {}) {
  const shared = new SharedAmmo(provider, options);
  const cursors = Array.from({ length: count }, () => shared.ammo.open(clock));
  return { shared, provider, cursors: cursors as [Cursor<string>, Cursor<string>, ...Cursor<string>[]] };
}

/** Counts how often each waiting consumer is woken. */
function waiting(cursors: readonly Cursor<string>[]): number[] {
  const wakes = cursors.map(() => 0);
  for (const [i, cursor] of cursors.entries()) {
    assert.equal(cursor.poll(), PENDING);
    cursor.whenReady(() => {
      wakes[i] = (wakes[i] as number) + 1;
    });
  }
  return wakes;
}

describe('SharedAmmo', () => {
  it('opens the provider once, at the first demand, and returns each ammo to the first consumer that polls', () => {
    const provider = new FakeProvider<string>().load('a', 'b', 'c');
    const shared = new SharedAmmo(provider);
    assert.equal(provider.opened, 0);
    const [one, two] = [shared.ammo.open(clock), shared.ammo.open(clock)];
    assert.deepEqual([one.poll(), two.poll(), two.poll(), provider.opened], ['a', 'b', 'c', 1]);
  });

  it('wakes all waiting consumers, each once, when ammo arrives', () => {
    const { provider, cursors } = sharedBy(3);
    const wakes = waiting(cursors);
    provider.load('a');
    assert.deepEqual(wakes, [1, 1, 1]);
    provider.load('b');
    assert.deepEqual(wakes, [1, 1, 1], 'none waits');
  });

  it('does not wake a consumer that has closed, and continues for the others', () => {
    const { provider, cursors } = sharedBy(2);
    const wakes = waiting(cursors);
    cursors[0].close();
    provider.load('a');
    assert.deepEqual([wakes, provider.closed], [[0, 1], 0]);
  });

  it('wakes all waiting consumers when ammo is given back', () => {
    const { provider, cursors } = sharedBy(2, new FakeProvider<string>().load('a'));
    const [one, two] = cursors;
    const ammo = one.poll() as string;
    const wakes = waiting([two]);
    one.giveBack(ammo);
    assert.deepEqual([wakes, provider.givenBack, two.poll()], [[1], ['a'], 'a']);
  });

  it('wakes all waiting consumers when the ammo is finished, closes the provider and calls onFinished, once', () => {
    const scripted = new Scripted();
    let finished = 0;
    const shared = new SharedAmmo(new Pullable(() => scripted), { onFinished: () => finished++ });
    const [one, two] = [shared.ammo.open(clock), shared.ammo.open(clock)];
    const wakes = waiting([two]);
    scripted.polls.push(() => DONE);
    assert.equal(one.poll(), DONE);
    assert.deepEqual([wakes, scripted.closed, finished, two.poll()], [[1], 1, 1, DONE]);
    shared.close();
    assert.deepEqual([scripted.closed, finished], [1, 1]);
  });

  it('wakes all waiting consumers when the provider fails; each gets the error, and the provider is not polled again', () => {
    const scripted = new Scripted();
    const shared = new SharedAmmo(new Pullable(() => scripted));
    const [one, two] = [shared.ammo.open(clock), shared.ammo.open(clock)];
    const wakes = waiting([two]);
    scripted.polls.push(
      () => {
        throw new Error('torn');
      },
      () => 'must not be asked for',
    );
    const torn = (error: unknown): boolean =>
      isElpisError(error, 'ELPIS_AMMO') && error.message === 'the provider failed: torn';
    assert.throws(() => one.poll(), torn);
    assert.deepEqual(wakes, [1]);
    assert.throws(() => two.poll(), torn);
    assert.equal(scripted.polls.length, 1);
  });

  it('returns the ammo that was pushed before a failure', () => {
    const pushed = new Subject<string>();
    const one = new SharedAmmo(pushed).ammo.open(clock);
    pushed.next('a');
    pushed.error('broken');
    assert.equal(one.poll(), 'a');
    assert.throws(() => one.poll(), /the provider failed: broken/);
  });

  it('names the ammo when more is pushed than the backlog holds', () => {
    const flood = Array.from({ length: 65_537 }, () => 'a');
    const one = new SharedAmmo(of(...flood)).ammo.open(clock);
    assert.throws(() => one.poll(), /the backlog of ammo is full: more than 65536/);
  });

  it('reports a provider that cannot be closed', () => {
    class Stuck extends Scripted {
      override close(): void {
        throw new Error('stuck');
      }
    }
    const reported: unknown[] = [];
    const shared = new SharedAmmo(new Pullable(() => new Stuck()), { onCloseError: (error) => reported.push(error) });
    shared.ammo.open(clock);
    shared.close();
    assert.match(String(reported), /stuck/);
  });

  it('releases ammo to the provider, and returns whether ammo is reused', () => {
    const { provider, cursors } = sharedBy(2, new FakeProvider<string>().load('a'));
    cursors[1].release(cursors[0].poll() as string);
    assert.deepEqual([provider.released, cursors[0].reuses], [['a'], true]);
  });
});
