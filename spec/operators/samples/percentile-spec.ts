import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TimedSample } from '../../../lib/core/sample.js';
import type { Window } from '../../../lib/measure/window.js';
import { WindowRecorder } from '../../../lib/measure/windowRecorder.js';
import { percentile } from '../../../operators/samples/percentile.js';
import { timed } from '../timed.js';

function windowOf(samples: readonly TimedSample[]): Window {
  const recorder = new WindowRecorder({ from: 0, tagLimit: 100 });
  for (const sample of samples) recorder.record(sample);
  return recorder.close(1000);
}

describe('percentile', () => {
  const window = windowOf([
    timed(10, { tag: 'a' }),
    timed(20, { tag: 'a' }),
    timed(30, { tag: 'b', intended: 0 }),
    timed(5, { tag: 'c', outcome: 'discarded' }),
    timed(70, { tag: 's', scope: 'scenario' }),
  ]);
  const TABLE: readonly [what: string, value: number, expected: number][] = [
    ['of the response time, with the wait', percentile(window, 100), 1030],
    ['of the service time', percentile(window, 100, 'service'), 30],
    ['the median', percentile(window, 50, 'service'), 20],
    ['the shortest', Math.floor(percentile(window, 0, 'service')), 10],
    ['of one tag', percentile(window, 99, 'response', 'a'), 20],
    ['of a scenario', percentile(window, 100, 'service', 's'), 70],
    ['0 for an unknown tag', percentile(window, 99, 'response', 'x'), 0],
    ['0 without times', percentile(window, 99, 'response', 'c'), 0],
  ];
  for (const [what, value, expected] of TABLE)
    it(what, () => assert.ok(Math.abs(value - expected) <= expected / 1000, `${value}`));
});
