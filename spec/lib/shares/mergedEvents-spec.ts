import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { PoolEvent, PoolProgress } from '../../../lib/engine/runEvent.js';
import { Summaries } from '../../../lib/engine/summaries.js';
import { valueAtPercentile } from '../../../lib/measure/histogram.js';
import { summaryOf } from '../../../lib/measure/summary.js';
import { mergeWindows, type Window } from '../../../lib/measure/window.js';
import { WindowRecorder } from '../../../lib/measure/windowRecorder.js';
import { MergedEvents } from '../../../lib/shares/mergedEvents.js';
import { timed } from '../../operators/timed.js';

const recordedIn = (from: number, to: number, ms: readonly number[]): Window => {
  const recorder = new WindowRecorder({ from, tagLimit: 100 });
  for (const one of ms) recorder.record(timed(one, { tag: `t${one % 3}` }));
  return recorder.close(to, { planned: ms.length, started: ms.length });
};
const windowEvent = (window: Window): PoolEvent => ({ type: 'window', pool: 'p', at: window.to, window });
const progress = (requests: number): PoolProgress => ({
  elapsed: 1,
  requests,
  responses: 0,
  inFlight: 0,
  instances: 0,
  instancesStarted: 0,
  instancesGrown: 0,
  discarded: 0,
  unfinished: 0,
  emptyShots: 0,
});
const finished: PoolEvent = { type: 'pool-finished', pool: 'p', at: 9000, progress: progress(1) };
const windowsOf = (events: readonly PoolEvent[]): readonly Window[] =>
  events.flatMap((event) => (event.type === 'window' ? [event.window] : []));
const spans = (events: readonly PoolEvent[]): unknown =>
  windowsOf(events).map(({ from, total }) => [from, total.ended]);

describe('MergedEvents', () => {
  it('merges the windows of all threads exactly: percentiles are those of all samples', () => {
    const merged = new MergedEvents(2);
    const fast = recordedIn(0, 1000, Array<number>(98).fill(10));
    const slow = recordedIn(0, 1000, [500, 500]);
    assert.deepEqual(merged.add(0, windowEvent(fast)), []);
    const [event] = merged.add(1, windowEvent(slow));
    if (event?.type !== 'window') assert.fail('no window');
    assert.deepEqual(event.window, mergeWindows(fast, slow));
    const at = (p: number): number => Math.round(valueAtPercentile(event.window.total.response, p));
    assert.deepEqual([at(50), at(98), at(99)], [10, 10, 500]);
    assert.deepEqual(
      event.threads?.map(({ thread, ended }) => [thread, ended]),
      [
        [0, 98],
        [1, 2],
      ],
    );
  });

  it('gives the summary of a run in one thread, for any order of events of the threads', () => {
    const turn = fc.record({ thread: fc.nat(2), ms: fc.array(fc.nat(2000), { maxLength: 5 }) });
    fc.assert(
      fc.property(fc.array(turn, { maxLength: 40 }), (turns) => {
        const merged = new MergedEvents(3);
        const pool = { id: 'p', rpsPerInstance: false };
        const summaries = new Summaries([pool]);
        const next = [0, 0, 0];
        const all: Window[] = [];
        const see = (events: readonly PoolEvent[]): void => {
          for (const event of events) summaries.add(event);
        };
        for (const thread of [0, 1, 2]) see(merged.add(thread, { type: 'pool-started', pool: 'p', at: 0 }));
        for (const { thread, ms } of turns) {
          const from = 1000 * (next[thread] as number);
          next[thread] = (next[thread] as number) + 1;
          const window = recordedIn(from, from + 1000, ms);
          all.push(window);
          see(merged.add(thread, windowEvent(window)));
        }
        see(merged.rest(0));
        if (all.length === 0) return;
        const [summary] = summaries.all;
        const { threads, applied: _applied, ...one } = summary ?? assert.fail('no summary');
        assert.deepEqual(one, summaryOf(all.reduce(mergeWindows), { pool: 'p' }));
        assert.equal(
          threads?.reduce((sum, { ended }) => sum + ended, 0),
          one.total.ended,
        );
      }),
    );
  });

  it('merges windows of the same time, also when the first or the last is shorter in a thread', () => {
    const merged = new MergedEvents(2);
    const events = [
      ...merged.add(0, windowEvent(recordedIn(-18, 0, [1]))),
      ...merged.add(1, windowEvent(recordedIn(-20, 0, [1]))),
      ...merged.add(0, windowEvent(recordedIn(0, 1000, [1]))),
      ...merged.add(1, windowEvent(recordedIn(5, 1000, [1]))),
      ...merged.add(0, windowEvent(recordedIn(1000, 1300, [1]))),
      ...merged.add(1, windowEvent(recordedIn(1000, 1700, [1]))),
    ];
    assert.deepEqual(spans(events), [
      [-20, 2],
      [0, 2],
      [1000, 2],
    ]);
  });

  it('waits for no thread that has finished', () => {
    const merged = new MergedEvents(2);
    merged.add(0, windowEvent(recordedIn(0, 1000, [1])));
    assert.deepEqual(spans(merged.add(1, finished)), [[0, 1]]);
    assert.deepEqual(spans(merged.add(0, windowEvent(recordedIn(1000, 2000, [1, 1])))), [[1000, 2]]);
  });

  it('emits complete windows in the order of time', () => {
    const merged = new MergedEvents(2);
    merged.add(0, windowEvent(recordedIn(0, 1000, [1])));
    merged.add(0, windowEvent(recordedIn(1000, 2000, [1, 1])));
    // The other thread has begun later, and has no window of the first second.
    assert.deepEqual(spans(merged.add(1, windowEvent(recordedIn(1000, 2000, [1])))), [
      [0, 1],
      [1000, 3],
    ]);
  });

  it('keeps 10 windows that wait for a thread, and loses none', () => {
    const merged = new MergedEvents(2);
    const events = Array.from({ length: 12 }, (_, i) =>
      merged.add(0, windowEvent(recordedIn(1000 * i, 1000 * (i + 1), [1]))),
    ).flat();
    assert.deepEqual(spans(events), [
      [0, 1],
      [1000, 1],
    ]);
    const late = merged.add(1, windowEvent(recordedIn(0, 1000, [1])));
    assert.equal(windowsOf([...events, ...late, ...merged.rest(0)]).reduce(mergeWindows).total.ended, 13);
  });

  it('emits waiting windows at the end, and adds up final reports', () => {
    const merged = new MergedEvents(2);
    merged.add(0, windowEvent(recordedIn(0, 1000, [1])));
    const report = { from: 'phout', received: 3, dropped: 1, final: true };
    assert.deepEqual(merged.add(0, { type: 'report', pool: 'p', at: 1, report }), []);
    assert.deepEqual(
      merged.rest(7).map(({ type, at }) => [type, at]),
      [
        ['window', 7],
        ['report', 7],
      ],
    );
    const both = new MergedEvents(2);
    both.add(0, { type: 'report', pool: 'p', at: 1, report });
    const [event] = both.add(1, { type: 'report', pool: 'p', at: 1, report });
    assert.deepEqual(event?.type === 'report' && event.report, { ...report, received: 6, dropped: 2 });
  });

  it('starts a pool with its first thread, and finishes it with its last', () => {
    const merged = new MergedEvents(2);
    const started: PoolEvent = { type: 'pool-started', pool: 'p', at: 0 };
    assert.deepEqual([merged.add(0, started).length, merged.add(1, started).length], [1, 0]);
    assert.deepEqual(merged.add(0, finished), []);
    const [event] = merged.add(1, { ...finished, progress: progress(4) });
    assert.equal(event?.type === 'pool-finished' && event.progress.requests, 5);
  });

  it('passes on the reason of the condition that ended a pool', () => {
    const stop: PoolEvent = { type: 'pool-stopped', pool: 'p', at: 5, reason: 'too slow' };
    assert.deepEqual(new MergedEvents(2).add(1, stop), [stop]);
  });

  it('passes on the counts of bad ammo of each thread', () => {
    const bad: PoolEvent = { type: 'bad-ammo', pool: 'p', at: 5, kinds: [{ kind: 'uri', count: 2, first: ['a:1'] }] };
    const merged = new MergedEvents(2);
    assert.deepEqual([...merged.add(0, bad), ...merged.add(1, bad)], [bad, bad]);
  });
});
