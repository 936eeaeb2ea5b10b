import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Subject } from 'rxjs';
import { deliver, RefusedError } from '../../../../lib/observers/outputs/deliver.js';
import { FakeLog, FakeRunHandle, VirtualClock } from '../../../../lib/testing/index.js';

/** Lets promises call back. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** An output in virtual time; each call of `send` ends when the spec says so. */
function delivering({ limit = 5, batch = 2 } = {}) {
  const clock = new VirtualClock(0);
  const log = new FakeLog();
  const handle = new FakeRunHandle();
  const source = new Subject<number>();
  const calls: {
    readonly values: readonly number[];
    readonly signal: AbortSignal;
    ok(): void;
    fail(text: string): void;
    refuse(text: string): void;
  }[] = [];
  let over = false;
  const subscription = deliver<number>({
    ...{ name: 'store', unit: 'windows', limit, batch, log, handle, scheduler: clock },
    send: (values, signal) =>
      new Promise((resolve, reject) => {
        const [fail, refuse] = [
          (text: string) => reject(new Error(text)),
          (text: string) => reject(new RefusedError(text)),
        ];
        calls.push({ values, signal, ok: resolve, fail, refuse });
      }),
  })(source).subscribe({ complete: () => (over = true) });
  const settle = async (act: () => void = () => undefined): Promise<void> => {
    act();
    await turn();
  };
  return { clock, log, handle, source, calls, subscription, settle, over: () => over };
}

const valuesOf = (calls: readonly { readonly values: readonly number[] }[]): readonly (readonly number[])[] =>
  calls.map(({ values }) => values);

describe('deliver', () => {
  it('sends one call after another, with the values that waited meanwhile', async () => {
    const { source, calls, settle } = delivering();
    for (const n of [1, 2, 3, 4]) source.next(n);
    assert.deepEqual(valuesOf(calls), [[1]]);
    await settle(() => calls[0]?.ok());
    assert.deepEqual(valuesOf(calls), [[1], [2, 3]]);
    await settle(() => calls[1]?.ok());
    assert.deepEqual(valuesOf(calls), [[1], [2, 3], [4]]);
  });

  it('sends failed values again, first and in order, after longer and longer waits', async () => {
    const { clock, source, calls, settle } = delivering();
    source.next(1);
    const starts: number[] = [];
    for (let n = 0; n < 8; n++) {
      starts.push(clock.now());
      await settle(() => calls.at(-1)?.fail('no'));
      if (n === 0) source.next(2);
      const before = calls.length;
      while (calls.length === before) clock.advance(100);
    }
    assert.deepEqual(
      starts.map((at, i) => at - (starts[i - 1] ?? 0)).slice(1),
      [500, 1000, 2000, 4000, 8000, 10_000, 10_000],
    );
    assert.deepEqual(calls.at(-1)?.values, [1, 2]);
  });

  it('warns once for failures in a row, annotates the run, and tells the recovery', async () => {
    const { clock, source, calls, log, handle, settle } = delivering();
    source.next(1);
    await settle(() => calls[0]?.fail('status 503'));
    clock.advance(500);
    await settle(() => calls[1]?.fail('status 503'));
    assert.deepEqual(handle.annotations, [
      'store: windows cannot be sent: status 503; up to 5 are kept and sent later',
    ]);
    clock.advance(1000);
    await settle(() => calls[2]?.ok());
    assert.deepEqual(
      log.lines.map(({ level }) => level),
      ['warn', 'info'],
    );
  });

  it('waits 0.5 s again after a success, and warns about the next failure', async () => {
    const { clock, source, calls, log, handle, settle } = delivering();
    source.next(1);
    for (const wait of [500, 1000]) {
      await settle(() => calls.at(-1)?.fail('once'));
      clock.advance(wait);
    }
    await settle(() => calls[2]?.ok());
    assert.equal(log.lines.at(-1)?.message, 'store: receives windows again');
    source.next(2);
    await settle(() => calls[3]?.fail('twice'));
    clock.advance(499);
    assert.equal(calls.length, 4);
    clock.advance(1);
    assert.equal(calls.length, 5);
    assert.deepEqual(
      handle.annotations.map((text) => text.split(';')[0]),
      ['store: windows cannot be sent: once', 'store: windows cannot be sent: twice'],
    );
  });

  it('drops the oldest of a failed call when as many as `limit` have come meanwhile', async () => {
    const { clock, source, calls, log, settle } = delivering({ limit: 3, batch: 10 });
    for (const n of [1, 2, 3, 4]) source.next(n);
    assert.deepEqual(calls[0]?.values, [1]);
    await settle(() => calls[0]?.fail('down'));
    clock.advance(500);
    assert.deepEqual(calls[1]?.values, [2, 3, 4]);
    source.complete();
    await settle(() => calls[1]?.ok());
    assert.equal(log.lines.at(-1)?.message, 'store: 1 of 4 windows were not sent: down');
  });

  it('drops and counts what is refused, and goes on with the values behind it', async () => {
    const { clock, source, calls, log, handle, settle, over } = delivering({ limit: 5, batch: 2 });
    for (const n of [1, 2, 3, 4]) source.next(n);
    await settle(() => calls[0]?.ok());
    await settle(() => calls[1]?.refuse('status 400: a bad tag'));
    assert.deepEqual(handle.annotations, ['store: windows cannot be sent: status 400: a bad tag; 2 are dropped']);
    clock.advance(500);
    assert.deepEqual(valuesOf(calls), [[1], [2, 3], [4]]);
    source.complete();
    await settle(() => calls[2]?.refuse('status 400: a bad tag'));
    assert.equal(over(), true, 'nothing is left to be sent');
    assert.equal(log.lines.at(-1)?.message, 'store: 3 of 4 windows were not sent: status 400: a bad tag');
  });

  it('says that a receiver is too slow when values were dropped without a failure', async () => {
    const { source, calls, log, settle } = delivering({ limit: 1, batch: 1 });
    for (const n of [1, 2, 3]) source.next(n);
    source.complete();
    await settle(() => calls[0]?.ok());
    await settle(() => calls[1]?.ok());
    assert.equal(log.lines.at(-1)?.message, 'store: 1 of 3 windows were not sent: it is too slow');
  });

  it('keeps at most `limit` values: drops the oldest, counts them, and tells the number at the end', async () => {
    const { clock, source, calls, log, settle, over } = delivering({ limit: 5, batch: 100 });
    source.next(0);
    await settle(() => calls[0]?.fail('down'));
    for (let n = 1; n < 20; n++) source.next(n);
    clock.advance(500);
    assert.deepEqual(calls[1]?.values, [15, 16, 17, 18, 19]);
    source.complete();
    await settle(() => calls[1]?.ok());
    assert.equal(over(), true);
    assert.equal(log.lines.at(-1)?.message, 'store: 15 of 20 windows were not sent: down');
  });

  it('counts a call without an end as failed after 2 s, and aborts it', async () => {
    const { clock, source, calls, log, settle } = delivering();
    source.next(1);
    clock.advance(1999);
    assert.equal(calls[0]?.signal.aborted, false);
    await settle(() => clock.advance(1));
    assert.equal(calls[0]?.signal.aborted, true);
    assert.match(log.lines[0]?.message ?? '', /no response within 2 s/);
    clock.advance(500);
    assert.deepEqual(valuesOf(calls), [[1], [1]]);
    await settle(() => calls[0]?.ok());
    assert.equal(calls.length, 2, 'the late end of an old call changes nothing');
  });

  it('sends what waits after the end of the source, without the wait', async () => {
    const { source, calls, settle, over } = delivering();
    source.next(1);
    await settle(() => calls[0]?.fail('once'));
    source.complete();
    assert.deepEqual(valuesOf(calls), [[1], [1]]);
    assert.equal(over(), false);
    await settle(() => calls[1]?.ok());
    assert.equal(over(), true);
  });

  it('gives up 3.5 s after the end, with the number', async () => {
    const { clock, source, calls, log, settle, over } = delivering();
    source.next(1);
    source.next(2);
    source.complete();
    for (let ms = 0; ms < 3400; ms += 100) {
      await settle(() => calls.at(-1)?.fail('down'));
      clock.advance(100);
    }
    assert.equal(over(), false);
    clock.advance(100);
    assert.equal(over(), true);
    assert.equal(log.lines.at(-1)?.message, 'store: 2 of 2 windows were not sent: down');
  });

  it('waits 0.5 s again after the end of the source', async () => {
    const { clock, source, calls, settle } = delivering();
    source.next(1);
    for (let failures = 0; failures < 5; failures++) {
      await settle(() => calls.at(-1)?.fail('down'));
      clock.advance(10_000);
    }
    await settle(() => calls.at(-1)?.fail('down'));
    source.complete();
    const before = calls.length;
    await settle(() => calls.at(-1)?.fail('down'));
    clock.advance(500);
    assert.equal(calls.length, before + 1);
  });

  it('says that there was no response to a call that was under way for less than 2 s', async () => {
    const { clock, source, calls, log, settle, over } = delivering({ limit: 5, batch: 1 });
    source.next(1);
    source.next(2);
    source.complete();
    clock.advance(1900);
    await settle(() => calls[0]?.ok());
    clock.advance(1600);
    assert.equal(over(), true);
    assert.equal(log.lines.at(-1)?.message, 'store: 1 of 2 windows were not sent: no response');
  });

  it('counts values of a call that never ends', async () => {
    const { clock, source, log, over, settle } = delivering();
    clock.advance(3000);
    source.next(1);
    source.complete();
    await settle(() => clock.advance(3500));
    assert.equal(over(), true);
    assert.match(log.lines.at(-1)?.message ?? '', /1 of 1 windows were not sent/);
  });

  it('completes at once without values', () => {
    const { source, over } = delivering();
    source.complete();
    assert.equal(over(), true);
  });

  it('aborts its call and its timers when it is unsubscribed from', async () => {
    const { clock, source, calls, subscription, settle, log } = delivering();
    source.next(1);
    subscription.unsubscribe();
    assert.equal(calls[0]?.signal.aborted, true);
    await settle(() => calls[0]?.fail('aborted'));
    clock.advance(60_000);
    assert.equal(calls.length, 1);
    assert.equal(source.observed, false);
    assert.equal(log.lines.length, 0, 'its failure is that of the end');
  });

  it('counts an exception of `send` as a failure', async () => {
    const log = new FakeLog();
    const source = new Subject<number>();
    const send = (): Promise<void> => {
      throw new Error('broken');
    };
    const options = { name: 'store', unit: 'windows', limit: 1, batch: 1, log, scheduler: new VirtualClock(0), send };
    deliver<number>({ ...options, handle: new FakeRunHandle() })(source).subscribe();
    source.next(1);
    assert.match(log.lines[0]?.message ?? '', /broken/);
  });
});
