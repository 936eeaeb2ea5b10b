import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { concat, lastValueFrom, materialize, of, throwError, toArray } from 'rxjs';
import { ElpisError } from '../../../lib/core/errors.js';
import type { RunEvent } from '../../../lib/engine/runEvent.js';
import { runEvents, strictFailure } from '../../../lib/engine/runEvents.js';
import { type SummarySnapshot, summaryOf } from '../../../lib/measure/summary.js';
import { emptyWindow, type Window } from '../../../lib/measure/window.js';
import { VirtualClock } from '../../../lib/testing/index.js';

const nothing = emptyWindow(0);
const discarding = (discarded: number): Window => ({
  ...nothing,
  total: { ...nothing.total, count: discarded + 70, discarded },
});
const snapshot = (pool: string, window: Window, late = false): SummarySnapshot => {
  const summary = summaryOf(window, { pool, planned: { count: 500, durationMs: 10_000 }, instances: 1 });
  return late ? { ...summary, quality: { late, limitMs: 10, text: 'the generator was blocked' } } : summary;
};

describe('strictFailure', () => {
  const table: readonly [sentence: string, summaries: readonly SummarySnapshot[], messages: readonly string[]][] = [
    ['is undefined for a run that was shot completely and in time', [snapshot('a', nothing)], []],
    ['is undefined without a pool', [], []],
    [
      'counts operations that were not shot, with the reason',
      [snapshot('a', discarding(430))],
      ['pool "a": 430 operations were not shot: 1 instance, 0 s a shot'],
    ],
    [
      'has the singular for one operation',
      [snapshot('a', { ...nothing, withoutAmmo: 1 })],
      ['pool "a": 1 operation was not shot: there was no ammo for 1 of them'],
    ],
    ['is the verdict on a late generator', [snapshot('a', nothing, true)], ['pool "a": the generator was blocked']],
    [
      'has both, in one sentence each',
      [snapshot('a', discarding(1), true)],
      ['pool "a": 1 operation was not shot: 1 instance, 0 s a shot; the generator was blocked'],
    ],
    [
      'names every pool with a violation',
      [snapshot('a', nothing, true), snapshot('b', nothing), snapshot('c', { ...nothing, withoutAmmo: 3 })],
      ['pool "a": the generator was blocked', 'pool "c": 3 operations were not shot: there was no ammo for 3 of them'],
    ],
  ];
  for (const [sentence, summaries, messages] of table) {
    it(sentence, () => {
      const error = strictFailure(summaries);
      const all = error === undefined ? [] : [error, ...(error.also ?? [])];
      assert.deepEqual(
        all.map(({ message }) => message),
        messages,
      );
      assert.ok(all.every(({ code, pool }) => code === 'ELPIS_STRICT' && pool !== undefined));
    });
  }
});

describe('the events of a strict run', () => {
  const clock = new VirtualClock(1000);
  const pools = [{ id: 'a', rpsPerInstance: false }];
  const events = of<RunEvent & { type: 'window' }>({ type: 'window', pool: 'a', at: 1000, window: discarding(430) });
  const ended = async (strict: boolean, failure?: ElpisError): Promise<readonly unknown[]> => {
    const played =
      failure === undefined
        ? events
        : concat(
            events,
            throwError(() => failure),
          );
    const all = await lastValueFrom(
      runEvents(played, pools, { scheduler: clock, threads: 1, strict }).pipe(materialize(), toArray()),
    );
    return all.slice(2).map((notification) => {
      if (notification.kind === 'E') return (notification.error as ElpisError).code;
      if (notification.kind === 'C') return 'completed';
      const { value } = notification;
      return value.type === 'run-finished' ? `${value.type}: ${value.failure?.code}` : value.type;
    });
  };

  it('end with the error, which run-finished contains before', async () => {
    assert.deepEqual(await ended(true), ['run-finished: ELPIS_STRICT', 'ELPIS_STRICT']);
  });

  it('complete when it is not strict', async () => {
    assert.deepEqual(await ended(false), ['run-finished: undefined', 'completed']);
  });

  it('end once with the error of a pool that failed', async () => {
    assert.deepEqual(await ended(true, new ElpisError('ELPIS_GUN', 'jammed')), [
      'run-finished: ELPIS_GUN',
      'ELPIS_GUN',
    ]);
  });
});
