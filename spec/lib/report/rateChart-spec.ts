import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compositePlan } from '../../../lib/plans/compositePlan.js';
import { planRates, rateChart } from '../../../lib/report/rateChart.js';
import { constPlan } from '../../../lib/schedules/const.js';
import { linePlan } from '../../../lib/schedules/line.js';
import { oncePlan } from '../../../lib/schedules/once.js';
import { unlimitedPlan } from '../../../lib/schedules/unlimited.js';

describe('rateChart', () => {
  it('draws one series without its name', () => {
    const perSecond = planRates(linePlan({ from: 0, to: 8, duration: 8e9 }), 8);
    assert.equal(
      rateChart([{ label: 'planned', perSecond }], { durationMs: 8000, width: 8, height: 2 }),
      ['7.5/s ┤    ▂▄▆█', '  0/s ┤▂▃▅▇████', '      └────────', '       0 s  8 s'].join('\n'),
    );
  });

  it('draws several above one another on the same scales, each under its name', () => {
    const series = [
      { label: 'planned', perSecond: [10, 10, 10, 10] },
      { label: 'started', perSecond: [10, 5, 0, 0] },
      { label: 'finished', perSecond: [] },
    ];
    assert.equal(
      rateChart(series, { durationMs: 2000, width: 8, height: 2 }),
      [
        '      planned',
        '10/s ┤████████',
        ' 0/s ┤████████',
        '      started',
        '10/s ┤██      ',
        ' 0/s ┤████    ',
        '     └────────',
        '      0 s  2 s',
      ].join('\n'),
    );
  });

  it('shows mean rates when there are more slots than columns', () => {
    const perSecond = [0, 4, 4, 8, 8, 8];
    const chart = rateChart([{ label: '', perSecond }], { durationMs: 6000, width: 3, height: 1 });
    assert.equal(chart.split('\n')[0], '8/s ┤▂▆█');
  });

  it('draws nothing without rates', () => {
    assert.equal(rateChart([], { durationMs: 1000 }), '');
    assert.equal(rateChart([{ label: 'a', perSecond: [0, 0] }], { durationMs: 1000 }), '');
    assert.equal(rateChart([{ label: 'a', perSecond: [1] }], { durationMs: 0 }), '');
  });
});

describe('planRates', () => {
  it('counts every operation once', () => {
    const plan = linePlan({ from: 1, to: 100, duration: 7e9 });
    const total = planRates(plan, 13).reduce((sum, rate) => sum + (rate * 7) / 13, 0);
    assert.ok(Math.abs(total - plan.count) < 1e-3, String(total));
  });

  it('draws a constant rate as one, however short the slots, and a pause as nothing', () => {
    const steady = planRates(constPlan({ ops: 3, duration: 4e9 }), 60);
    assert.ok(steady.every((rate) => Math.abs(rate - 3) < 1e-6));
    const paused = compositePlan([constPlan({ ops: 3, duration: 4e9 }), constPlan({ ops: 0, duration: 4e9 })]);
    assert.deepEqual(planRates(paused, 8).slice(-3), [0, 0, 0]);
  });

  it('returns no rates for plans without an end or a length', () => {
    assert.deepEqual(planRates(unlimitedPlan({ duration: 1e9 }), 4), []);
    assert.deepEqual(planRates(oncePlan({ times: 5 }), 4), []);
    assert.deepEqual(planRates(constPlan({ ops: 0, duration: 1e9 }), 4), []);
  });
});
