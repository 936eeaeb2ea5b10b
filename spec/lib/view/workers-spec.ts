import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RunEvent } from '../../../lib/engine/runEvent.js';
import { START, started, windowAt } from './sampleEvents.js';
import { viewOf } from './viewOf.js';

const latenessOf = (...late: readonly number[]) => {
  const shots = late.map((ms) => ({ ms: ms + 1, fields: { idealStart: START, started: START + ms, intended: START } }));
  return windowAt(0, shots).lateness;
};

describe('the workers of a view', () => {
  const workers: Extract<RunEvent, { type: 'workers' }>['workers'] = [
    { worker: 'w0', host: 'a', phase: 'running', shares: [0, 2], cpu: 0.5, clockOffsetMs: 3, clockUncertaintyMs: 1 },
    { worker: 'w1', host: 'b', phase: 'lost', shares: [1], cpu: null },
  ];
  const windowOf = (second: number, pool: string, ended: Readonly<Record<number, number>>): RunEvent => ({
    ...{ type: 'window', pool, at: START + (second + 1) * 1000, window: windowAt(second, []) },
    threads: Object.entries(ended).map(([thread, count]) => ({
      ...{ thread: Number(thread), ended: count, lateness: latenessOf(...Array.from({ length: count }, () => 2)) },
    })),
  });
  const during = [
    ...started('main', 'other'),
    { type: 'workers', at: START, workers } as const,
    windowOf(0, 'main', { 0: 10, 1: 20, 2: 30 }),
    windowOf(0, 'other', { 0: 1, 1: 2, 2: 3 }),
    windowOf(1, 'main', { 0: 12, 2: 5 }),
    windowOf(1, 'other', { 0: 1, 2: 1 }),
  ];

  it('have the sum of the windows of their shares in all pools, and the rate of the last ones', () => {
    assert.deepEqual(
      viewOf(during).workers.map(({ worker, ended, perSecond }) => [worker, ended, perSecond]),
      [
        ['w0', 63, 19],
        ['w1', 22, 0],
      ],
    );
  });

  it('have their mean rate after the run', () => {
    const view = viewOf([...during, { type: 'run-finished', at: START + 2000, summaries: [] }]);
    assert.deepEqual(
      view.workers.map(({ perSecond }) => perSecond),
      [31.5, 11],
    );
  });

  it('have no rate before the first window, and are empty for a run in one thread', () => {
    assert.deepEqual(
      viewOf(during.slice(0, -4)).workers.map(({ perSecond, lateP99Ms }) => [perSecond, lateP99Ms]),
      [
        [null, null],
        [null, null],
      ],
    );
    assert.deepEqual(viewOf(started('main')).workers, []);
  });
});
