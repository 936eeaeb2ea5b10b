import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TimedSample } from '../../../lib/core/sample.js';
import type { Window } from '../../../lib/measure/window.js';
import { WindowRecorder } from '../../../lib/measure/windowRecorder.js';
import { errorRate } from '../../../operators/samples/errorRate.js';
import { timed } from '../timed.js';

function windowOf(samples: readonly TimedSample[]): Window {
  const recorder = new WindowRecorder({ from: 0, tagLimit: 100 });
  for (const sample of samples) recorder.record(sample);
  return recorder.close(1000);
}

describe('errorRate', () => {
  const window = windowOf([
    timed(1, { tag: 'a' }),
    timed(1, { tag: 'a', netCode: 110 }),
    timed(1, { tag: 'b', protoCode: 500 }),
    timed(1, { tag: 'b', protoCode: 399 }),
    timed(1, { tag: 'c', outcome: 'unfinished', netCode: 999 }),
  ]);
  const discarded = timed(0, { tag: 'discarded', outcome: 'discarded', netCode: 777, instance: -1 });
  const discarding = windowOf([timed(1, { tag: 'a' }), discarded, discarded, discarded]);
  const TABLE: readonly [what: string, value: number, expected: number][] = [
    ['failures and bad statuses, of the shots that ended', errorRate(window), 0.5],
    ['of one tag', errorRate(window, 'a'), 0.5],
    ['0 when no shot ended', errorRate(window, 'c'), 0],
    ['discarded operations count as errors', errorRate(discarding), 0.75],
    ['of a tag only shots count', errorRate(discarding, 'a'), 0],
    ['all of their own tag', errorRate(discarding, 'discarded'), 1],
    ['0 for an unknown tag', errorRate(window, 'x'), 0],
  ];
  for (const [what, value, expected] of TABLE) it(what, () => assert.equal(value, expected));
});
