import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { describe, it } from 'node:test';
import { isRight } from 'fp-ts/lib/Either.js';
import { EMPTY, ignoreElements, NEVER, Subject, tap } from 'rxjs';
import { builtins } from '../../../lib/builtins/builtins.js';
import { type Outcome, watchRun } from '../../../lib/cli/watchRun.js';
import { loadConfig } from '../../../lib/config/loadConfig.js';
import { ElpisError } from '../../../lib/core/errors.js';
import type { RunObserver } from '../../../lib/engine/runEvent.js';
import type { SummarySnapshot } from '../../../lib/measure/summary.js';
import { fakeDeps } from '../../../lib/testing/fakeDeps.js';
import { VirtualClock } from '../../../lib/testing/index.js';

const io = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough(), env: {} };

describe('watchRun, when code fails that Elpis has not called', () => {
  const setUp = async (result: unknown) => {
    const clock = new VirtualClock(0);
    const gun = { create: () => ({ shoot: () => NEVER }) };
    const once = { type: 'once', times: 1 };
    const config = { pools: [{ id: 'p', gun, ammo: { type: 'dummy' }, result, rps: once, startup: once }] };
    const loaded = await loadConfig(config, { registry: builtins(), env: {} })();
    assert.ok(isRight(loaded));
    const failures = new Subject<ElpisError>();
    const deps = fakeDeps({ scheduler: clock });
    const runnable = { config: loaded.right, deps };
    let outcome: Outcome | undefined;
    const summaries: SummarySnapshot[] = [];
    const noting: RunObserver = (events) =>
      events.pipe(
        tap((event) => {
          if (event.type === 'run-finished') summaries.push(...event.summaries);
        }),
        ignoreElements(),
      );
    const observers = [{ name: 'noting', observer: noting }];
    const ended = watchRun(runnable, { quiet: true, threads: 1, failures, observers }, io, new EventEmitter()).then(
      (value) => {
        outcome = value;
      },
    );
    const at = async (ms: number): Promise<Outcome | undefined> => {
      clock.run(ms);
      await Promise.resolve();
      await Promise.resolve();
      return outcome;
    };
    return { at, ended, failures, summaries };
  };
  const [first, second] = ['first', 'second'].map((name) => new ElpisError('ELPIS_UNCAUGHT', name));

  it('shots under way may take 3 s more, then the results are flushed and the failures are reported', async () => {
    const { at, failures, summaries } = await setUp({ type: 'discard' });
    await at(1000);
    failures.next(first as ElpisError);
    failures.next(second as ElpisError);
    assert.equal(await at(3999), undefined);
    const outcome = await at(4001);
    assert.equal(outcome?.error, first);
    assert.deepEqual(first?.also, [second]);
    assert.equal(summaries[0]?.total.unfinished, 1);
  });

  it('a result that does not end has 10 s more, then the run is aborted', async () => {
    const { at, failures } = await setUp(() => NEVER);
    await at(1000);
    failures.next(first as ElpisError);
    assert.equal(await at(13_999), undefined);
    assert.equal((await at(14_001))?.error, first);
  });
});

describe('watchRun, before its first shot', () => {
  const setUp = async (pacing: 'precise' | 'relaxed') => {
    const clock = new VirtualClock(0);
    let made = 0;
    const shoot = () => {
      made++;
      return EMPTY;
    };
    const gun = { create: () => ({ shoot }) };
    const once = { type: 'once', times: 1 };
    const pool = {
      id: 'p',
      gun,
      ammo: { type: 'dummy', limit: 1 },
      result: { type: 'discard' },
      rps: once,
      startup: once,
      pacing,
    };
    const loaded = await loadConfig({ pools: [pool] }, { registry: builtins(), env: {} })();
    assert.ok(isRight(loaded));
    let listens = (): void => undefined;
    const watched = new Promise<void>((resolve) => {
      listens = resolve;
    });
    const source = Object.assign(new EventEmitter(), { watched });
    const runnable = { config: loaded.right, deps: fakeDeps({ scheduler: clock }) };
    const ended = watchRun(runnable, { quiet: true, threads: 1, failures: NEVER, observers: [] }, io, source);
    clock.run(1000);
    return { source, listens, ended, clock, shots: () => made };
  };

  it('waits for the thread of the watchdog when a pool has a run-up', async () => {
    const { listens, ended, clock, shots } = await setUp('precise');
    await Promise.resolve();
    assert.equal(shots(), 0);
    listens();
    await new Promise(setImmediate);
    clock.run(2000);
    assert.equal((await ended).started, true);
    assert.equal(shots(), 1);
  });

  it('does not wait for it otherwise', async () => {
    const { shots } = await setUp('relaxed');
    assert.equal(shots(), 1);
  });
});
