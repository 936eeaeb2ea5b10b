import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Shot } from '../../../lib/core/shot.js';
import { overdueSamples } from '../../../lib/engine/overdueSamples.js';

const shot = (more: Partial<Shot<unknown>> = {}): Shot<unknown> => ({
  ...{ index: 4, at: 1000, ammo: undefined, instance: -1, started: 0, slotWait: 0 },
  ...more,
});

describe('overdueSamples', () => {
  const rows: readonly [sentence: string, sample: () => object, expected: object][] = [
    [
      'a discarded operation begins and ends now, and keeps its wait',
      () => overdueSamples.discarded(shot({ slotWait: 200 }), 1300),
      {
        ...{ outcome: 'discarded', tag: 'discarded', netCode: 777, errorName: 'discarded' },
        ...{ index: 4, instance: -1, intended: 1000, started: 1300, responded: 1300, ended: 1300, slotWait: 200 },
      },
    ],
    [
      'an operation that was due and had no instance at the end of the run is not started',
      () => overdueSamples.unfinished(shot({ slotWait: 250 }), 1300),
      {
        ...{ outcome: 'unfinished', tag: 'unfinished', netCode: 999, errorName: 'not started' },
        ...{ index: 4, instance: -1, intended: 1000, started: 1300, responded: 1300, ended: 1300, slotWait: 250 },
      },
    ],
    [
      'a shot under way at the end of the run keeps its start, its instance and its wait',
      () => overdueSamples.unfinished(shot({ instance: 2, started: 1100, slotWait: 70 }), 1300),
      {
        ...{ outcome: 'unfinished', tag: 'unfinished', netCode: 999, errorName: 'unfinished' },
        ...{ index: 4, instance: 2, intended: 1000, started: 1100, responded: 1300, ended: 1300, slotWait: 70 },
      },
    ],
  ];
  for (const [sentence, sample, expected] of rows)
    it(sentence, () => {
      const found = new Map(Object.entries(sample()));
      const named = Object.fromEntries(Object.keys(expected).map((name) => [name, found.get(name)]));
      assert.deepEqual(named, expected);
    });
});
