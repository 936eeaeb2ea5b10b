import type { RunEvent } from '../../../../lib/engine/runEvent.js';
import { NO_CONNECTIONS } from '../../../../lib/measure/connectionCounts.js';
import { HistogramRecorder } from '../../../../lib/measure/histogramRecorder.js';
import { emptyWindow, type Window } from '../../../../lib/measure/window.js';
import { EMPTY_COUNTS, type WindowCounts } from '../../../../lib/measure/windowCounts.js';

/** A distribution of these times in milliseconds. */
export function timesOf(...ms: readonly number[]) {
  const recorder = new HistogramRecorder();
  for (const each of ms) recorder.record(each * 1000);
  return recorder.take();
}

/** Three operations: two of 20 ms with status 200 and one that timed out after 400 ms. */
export const THREE: WindowCounts = {
  ...EMPTY_COUNTS,
  ...{ count: 4, ended: 3, ok: 2, failed: 1, discarded: 1, bytesOut: 30, bytesIn: 900 },
  ...{ response: timesOf(20, 20, 400), service: timesOf(19, 19, 400) },
  statuses: [{ status: 200, count: 2, bad: 0 }],
  failures: [{ netCode: 110, name: 'timeout', count: 1 }],
};

/** A window of one second with one tag. */
export function someWindow(from: number, tag = 'home', counts: WindowCounts = THREE): Window {
  return {
    ...{ ...emptyWindow(from), from, to: from + 1000, planned: 4, started: 3 },
    ...{ total: counts, tags: new Map([[tag, counts]]), lateness: timesOf(0.2) },
    counters: new Map([['retries', 2]]),
    connections: {
      ...NO_CONNECTIONS,
      opened: 3,
      reused: 5,
      closedByTarget: 1,
      phases: { ...NO_CONNECTIONS.phases, connect: timesOf(2, 2, 2) },
    },
  };
}

const progress = {
  ...{ elapsed: 1000, requests: 3, responses: 3, inFlight: 1, instances: 5, instancesStarted: 5, instancesGrown: 0 },
  ...{ discarded: 1, unfinished: 0, emptyShots: 0 },
};

/** The events of a run with a window each second. */
export function someRun(seconds: number, tag = 'home'): readonly RunEvent[] {
  return [
    { type: 'run-started', at: 1_000_000, pools: [{ id: 'a', rpsPerInstance: false }], threads: 1, seed: 1 },
    ...Array.from({ length: seconds }, (_, i): readonly RunEvent[] => {
      const from = 1_000_000 + i * 1000;
      return [
        { type: 'window', pool: 'a', at: from + 1000, window: someWindow(from, tag) },
        { type: 'progress', pool: 'a', at: from + 1000, progress },
      ];
    }).flat(),
    { type: 'run-finished', at: 1_000_000 + seconds * 1000, summaries: [], seed: 1 },
  ];
}
