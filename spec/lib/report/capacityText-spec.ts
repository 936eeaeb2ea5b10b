import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { capacityText } from '../../../lib/report/capacityText.js';

describe('capacityText', () => {
  const step = { achieved: 400, measuredMs: 20_000, passes: true, thresholds: [] };
  const base = { pool: 'shop', perSecond: 400, phase: 'done' as const, estimate: null };

  it('has a row for each rate, and the result', () => {
    const failed = {
      perSecond: 800,
      achieved: 655,
      measuredMs: 4000,
      passes: false,
      limitedBy: 'p99 < 1ms, with 2 ms',
      thresholds: [],
    };
    const text = capacityText({ ...base, steps: [{ ...step, perSecond: 400 }, failed], text: '640 ± 40 per second' });
    assert.equal(
      text,
      `Capacity of pool shop
   rate  achieved  measured
  400/s     400/s    20.0 s  passes
  800/s     655/s     4.0 s  fails   p99 < 1ms, with 2 ms
  640 ± 40 per second`,
    );
  });

  it('has no table when nothing was measured', () => {
    assert.equal(capacityText({ ...base, steps: [], text: 'the run ended' }), 'Capacity of pool shop\n  the run ended');
  });
});
