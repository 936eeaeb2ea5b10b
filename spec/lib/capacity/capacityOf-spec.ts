import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgeBy, judgingOf } from '../../../lib/capacity/capacityOf.js';
import { DEFAULT_VERDICT } from '../../../lib/measure/verdict/limits.js';
import { emptyWindow } from '../../../lib/measure/window.js';
import { EMPTY_COUNTS } from '../../../lib/measure/windowCounts.js';
import { threshold } from '../../../lib/rules/parseThreshold.js';

const judging = { thresholds: [threshold('errors < 1%')], verdict: DEFAULT_VERDICT, failOn: null };
const capacity = {
  ...{ pool: '', method: 'bisect' as const, from: 1, to: 2, step: null, precision: 0.02, repeats: 1 },
  ...{ settle: 0, measure: 1000, limit: 5000 },
};

describe('judgingOf', () => {
  it('is that of the config without a search', () => {
    assert.equal(judgingOf({ capacity: null, judging }), judging);
  });

  it('has no thresholds in a search, whose rates above the capacity are no fault of the run', () => {
    const { thresholds, verdict } = judgingOf({ capacity, judging });
    assert.deepEqual([thresholds, verdict.ignore], [[], ['not-shot', 'missed-rate']]);
  });
});

describe('judgeBy', () => {
  it('judges a window as a whole, whatever the times of a threshold are', () => {
    const total = { ...EMPTY_COUNTS, count: 100, ended: 100, ok: 90, bad: 10 };
    const window = { ...emptyWindow(0), to: 100, total };
    const [state] = judgeBy([threshold('errors < 1% over 10s for 3 after 30s')])(window);
    assert.deepEqual([state?.status, state?.value], ['fails', 10]);
  });
});
