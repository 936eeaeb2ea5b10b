import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PoolEvent, PoolProgress } from '../../../lib/engine/runEvent.js';
import { mergeWindows, type Window } from '../../../lib/measure/window.js';
import { WindowRecorder } from '../../../lib/measure/windowRecorder.js';
import { KeptEvents, MAX_KEPT_WINDOWS } from '../../../lib/rehearsal/rehearsalResults.js';
import { timed } from '../../operators/timed.js';

function windowOf(second: number): Window {
  const recorder = new WindowRecorder({ from: second * 1000, tagLimit: 10 });
  for (let i = 0; i <= second % 7; i++) recorder.record(timed(1 + (second % 13)));
  return recorder.close((second + 1) * 1000, { planned: 1, started: 1 });
}

const windowEvent = (pool: string, second: number): PoolEvent => ({
  ...{ type: 'window', pool, at: (second + 1) * 1000, window: windowOf(second) },
});
const progressEvent = (pool: string, second: number): PoolEvent => ({
  ...{ type: 'progress', pool, at: (second + 1) * 1000, progress: { requests: second } as PoolProgress },
});

const windowsOf = (events: readonly PoolEvent[], pool: string): readonly Window[] =>
  events.flatMap((event) => (event.type === 'window' && event.pool === pool ? [event.window] : []));

describe('the events that a rehearsal keeps', () => {
  it('are all events, in order, while there are few windows', () => {
    const kept = new KeptEvents();
    const events = Array.from({ length: MAX_KEPT_WINDOWS }, (_, i) => windowEvent('a', i));
    for (const event of events) kept.add(event);
    assert.deepEqual(kept.all, events);
  });

  it('have at most 256 windows of a pool, which follow one another and add up to all samples', () => {
    const kept = new KeptEvents();
    const all: Window[] = [];
    for (let second = 0; second < 3601; second++) {
      const event = windowEvent('a', second);
      all.push(...windowsOf([event], 'a'));
      kept.add(progressEvent('a', second));
      kept.add(event);
      if (second < 100) kept.add(windowEvent('b', second));
      assert.ok(windowsOf(kept.all, 'a').length <= MAX_KEPT_WINDOWS);
    }
    const windows = windowsOf(kept.all, 'a');
    assert.ok(windows.length > MAX_KEPT_WINDOWS / 2);
    for (const [i, { from }] of windows.entries()) assert.equal(from, windows[i - 1]?.to ?? 0);
    assert.deepEqual(windows.reduce(mergeWindows), all.reduce(mergeWindows));
    assert.equal(windowsOf(kept.all, 'b').length, 100);
    const times = kept.all.map(({ at }) => at);
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    );
    assert.equal(kept.all.filter(({ type }) => type === 'progress').length, 3601);
  });
});
