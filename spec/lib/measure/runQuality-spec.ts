import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Distribution, distributionOf } from '../../../lib/measure/histogram.js';
import { HistogramRecorder } from '../../../lib/measure/histogramRecorder.js';
import { notShotOf, runQuality, type ShotFacts } from '../../../lib/measure/runQuality.js';

/** 100 times of which `slow` are long. */
function times(usualMs: number, slow = 0, slowMs = 0): Distribution {
  const recorder = new HistogramRecorder();
  for (let i = 0; i < 100; i++) recorder.record((i < slow ? slowMs : usualMs) * 1000);
  return distributionOf(recorder.take());
}
const none = distributionOf(new HistogramRecorder().take());

describe('runQuality', () => {
  const rows: readonly [sentence: string, late: boolean, text: string, ...Parameters<typeof runQuality>][] = [
    [
      'on time without an event loop',
      false,
      'the generator was on time (p99 1.0 ms, limit 10.0 ms)',
      times(1),
      times(5),
    ],
    [
      'on time with one',
      false,
      'the generator was on time (p99 1.0 ms, event loop p99 2.0 ms and 25 % busy, limit 10.0 ms)',
      times(1),
      times(5),
      { delayMs: times(2), utilization: 0.25 },
    ],
    [
      'a closed loop that was never late itself, on a blocked event loop',
      true,
      'the generator was blocked (p99 1.0 ms, event loop p99 500.0 ms and 40 % busy, limit 10.0 ms): do not trust these times',
      times(1),
      times(5),
      { delayMs: times(1, 2, 500), utilization: 0.4 },
    ],
    [
      'late itself',
      true,
      'the generator, not the target, was late (p99 30.0 ms, limit 10.0 ms): do not trust these times',
      times(30),
      times(5),
    ],
    [
      'late by less than 5 % of a long response',
      false,
      'the generator was on time (p99 30.0 ms, limit 50.0 ms)',
      times(30),
      times(1000),
    ],
    [
      'a closed loop that uses up its core',
      false,
      'the generator was on time (p99 1.0 ms, event loop p99 2.0 ms and 99 % busy, limit 10.0 ms); a core is used up, so it may be what limits the rate',
      times(1),
      times(5),
      { delayMs: times(2), utilization: 0.99 },
    ],
    ['nothing', false, 'nothing was shot', none, none, { delayMs: times(500), utilization: 1 }],
  ];
  for (const [sentence, late, text, ...given] of rows)
    it(sentence, () => {
      const quality = runQuality(...given);
      assert.deepEqual([quality.late, quality.text], [late, text]);
    });
});

describe('notShotOf', () => {
  const facts: ShotFacts = {
    planned: { count: 500, durationMs: 62_500 },
    ...{ count: 500, discarded: 0, discardedLate: 0, unfinished: 0, underWay: 0, withoutAmmo: 0 },
    service: times(1500),
    instances: 1,
  };
  const rows: readonly [sentence: string, given: Partial<ShotFacts>, text: string | undefined][] = [
    ['all was shot', {}, undefined],
    ['shots under way were shot', { unfinished: 3, underWay: 3 }, undefined],
    [
      'too few instances for a slow target: how many are needed',
      { discarded: 430 },
      '86 % of the planned operations were not shot: 1 instance, 1.5 s a shot; about 12 instances are needed',
    ],
    [
      'enough instances on average',
      { discarded: 5, instances: 20 },
      '1 % of the planned operations were not shot: 20 instances, 1.5 s a shot',
    ],
    [
      'without a plan there is no rate to compare with',
      { discarded: 50, planned: null, count: 200, instances: undefined },
      '25 % of the planned operations were not shot: 1.5 s a shot',
    ],
    [
      'discarded in stalls of the generator',
      { discarded: 11, discardedLate: 11, count: 12, planned: { count: 12, durationMs: 1000 } },
      '92 % of the planned operations were not shot: the generator was late',
    ],
    [
      'no ammo',
      { withoutAmmo: 198, count: 2, planned: { count: 200, durationMs: 2000 } },
      '99 % of the planned operations were not shot: there was no ammo for 198 of them',
    ],
    [
      'a backlog at the end',
      { unfinished: 20, underWay: 5 },
      '3 % of the planned operations were not shot: 15 were still waiting at the end of the run',
    ],
    [
      'never 100 % while something was shot, never 0 %',
      {
        discarded: 49_999,
        count: 50_000,
        planned: { count: 50_000, durationMs: 1000 },
        instances: undefined,
        service: times(0),
      },
      '99.99 % of the planned operations were not shot: 0 s a shot',
    ],
  ];
  for (const [sentence, given, text] of rows)
    it(sentence, () => assert.equal(notShotOf({ ...facts, ...given })?.text, text));
});
