import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Distribution, distributionOf } from '../../../lib/measure/histogram.js';
import { HistogramRecorder } from '../../../lib/measure/histogramRecorder.js';
import { notShotOf, type ShotFacts } from '../../../lib/measure/notShot.js';

/** 100 times of which `slow` are long. */
function times(usualMs: number, slow = 0, slowMs = 0): Distribution {
  const recorder = new HistogramRecorder();
  for (let i = 0; i < 100; i++) recorder.record((i < slow ? slowMs : usualMs) * 1000);
  return distributionOf(recorder.take());
}

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
