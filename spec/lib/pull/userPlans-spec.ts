import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Observable, of } from 'rxjs';
import { isElpisError } from '../../../lib/core/errors.js';
import type { Plan, Tick } from '../../../lib/core/plan.js';
import { compositePlan } from '../../../lib/plans/compositePlan.js';
import { repeatPlan } from '../../../lib/plans/repeatPlan.js';
import { shiftPlan } from '../../../lib/plans/shiftPlan.js';
import { stretchPlan } from '../../../lib/plans/stretchPlan.js';
import { timesPlan } from '../../../lib/plans/timesPlan.js';
import { oncePlan } from '../../../lib/schedules/once.js';
import { ratePlan } from '../../../lib/schedules/ratePlan.js';
import { unlimitedPlan } from '../../../lib/schedules/unlimited.js';
import { FakeGunFactory } from '../../../lib/testing/fakeGuns.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';
import { mapPulled } from '../../../operators/shots/mapPulled.js';
import { shoot } from '../../../operators/shots/shoot.js';
import { zipAmmo } from '../../../operators/shots/zipAmmo.js';
import { ticks } from '../../../operators/ticks/ticks.js';

/** A plan of a user: four operations, by default one each 100 ms. */
const plan = (change: Partial<Plan>): Plan => {
  const atNs = (index: number): number => index * 1e8;
  return { count: 4, durationNs: 1e9, atNs, countAt: () => 0, rateAt: () => 0, ...change };
};
const moved = (which: number, ns: number): Plan => plan({ atNs: (index) => (index === which ? ns : index * 1e8) });

/** Shoots the ticks and returns when each was shot, and how it ended. */
function shot(source: Observable<Tick>): readonly [times: string, end: string] {
  const scheduler = new VirtualClock();
  const guns = new FakeGunFactory<string>({ scheduler });
  let end = 'never';
  source.pipe(zipAmmo('abcdef'), shoot(guns, { scheduler })).subscribe({
    error: (error: unknown) => {
      end = isElpisError(error, 'ELPIS_SCHEDULE') ? error.message : String(error);
    },
    complete: () => {
      end = 'complete';
    },
  });
  scheduler.run();
  assert.ok(
    guns.closes.every((times) => times === 1),
    'every gun is closed once',
  );
  return [guns.shots.map(({ started }) => started).join(' '), end];
}

describe('a plan of a user', () => {
  const TABLE: readonly [sentence: string, plan: Plan, times: string, end: string][] = [
    ['in order', plan({}), '0 100 200 300', 'complete'],
    ['two at one moment', moved(2, 1e8), '0 100 100 300', 'complete'],
    ['NaN', moved(2, Number.NaN), '0 100', 'operation 2 of the plan is due at NaN ns; expected at least 100000000 ns'],
    [
      'back in time',
      moved(3, 1e8),
      '0 100 200',
      'operation 3 of the plan is due at 100000000 ns; expected at least 200000000 ns',
    ],
    ['never', moved(3, Number.POSITIVE_INFINITY), '0 100 200', 'operation 3 of the plan is due at Infinity ns'],
    ['before the start', moved(0, -1), '', 'operation 0 of the plan is due at -1 ns; expected at least 0 ns'],
    [
      'NaN operations',
      plan({ count: Number.NaN }),
      '',
      'the plan has NaN operations in 1000000000 ns; expected 0 or more of both',
    ],
    ['-1 operation', plan({ count: -1 }), '', 'the plan has -1 operations in 1000000000 ns'],
    ['NaN long', plan({ durationNs: Number.NaN }), '', 'the plan has 4 operations in NaN ns'],
    ['throws', plan({ atNs: (index) => (index < 2 ? 0 : assert.fail('no')) }), '0 0', 'the schedule failed: no'],
  ];
  for (const [sentence, source, times, end] of TABLE)
    it(sentence, () => {
      const [seen, how] = shot(ticks(source));
      assert.equal(seen, times);
      assert.ok(how.startsWith(end), how);
    });

  it('each part of a list begins again', () => {
    const list = compositePlan([unlimitedPlan({ duration: 0 }), plan({ durationNs: 3e8 }), plan({})]);
    assert.deepEqual(shot(ticks(list)), ['0 100 200 300 300 400', 'complete']);
  });
});

describe('a tick that is due before the one before it', () => {
  const error = (index: number, at: number, by: string): string =>
    `operation ${index} is due at ${at}, ${by} ms before the operation that comes before it; expected moments that do not decrease`;
  const earlier = (tick: Tick): Tick => (tick.index === 2 ? { ...tick, at: 50 } : tick);

  it('fails the run, pulled', () => {
    assert.deepEqual(shot(ticks(plan({})).pipe(mapPulled(earlier))), ['0 100', error(2, 50, '50')]);
  });

  it('fails the run, pushed', () => {
    const pushed = of({ index: 0, at: 0 }, { index: 1, at: 9 }, { index: 2, at: 8.5 }, { index: 3, at: 20 });
    assert.deepEqual(shot(pushed), ['0 9', error(2, 8.5, '0.5')]);
  });

  it('fails the run when an operation of a part is due after the part, and the next part is played', () => {
    const list = compositePlan([unlimitedPlan({ duration: 0 }), plan({ durationNs: 1e8 }), plan({})]);
    assert.deepEqual(shot(ticks(list)), ['0 100 200 300', error(4, 100, '200')]);
  });

  it('fails the run when an operator of shots has lost its moment', () => {
    const lost = ticks(plan({})).pipe(
      zipAmmo('abcd'),
      mapPulled((each) => ({ ...each, at: Number.NaN })),
    );
    const ends: unknown[] = [];
    const scheduler = new VirtualClock();
    lost
      .pipe(shoot(new FakeGunFactory<string>({ scheduler }), { scheduler }))
      .subscribe({ error: (e) => ends.push(e) });
    scheduler.run();
    assert.match(String(ends[0]), /operation 0 is due at NaN, which is no moment; expected/);
  });

  it('may be earlier by the rounding of a moment, and keeps its own', () => {
    const rounded = mapPulled<Tick>((tick) => (tick.index === 2 ? { ...tick, at: 100 - 0.0009 } : tick));
    assert.deepEqual(shot(ticks(moved(2, 1e8)).pipe(rounded)), ['0 100 100 300', 'complete']);
    const more = mapPulled<Tick>((tick) => (tick.index === 2 ? { ...tick, at: 100 - 0.0011 } : tick));
    assert.deepEqual(shot(ticks(moved(2, 1e8)).pipe(more)), ['0 100', error(2, 99.9989, '0.0011')]);
  });

  it('is found by the share that plays it, although another one plays the operation before', () => {
    const ends = [0, 1].map((index) => shot(ticks(moved(2, 5e7), { share: { index, of: 2 } })));
    assert.deepEqual(
      ends.map(([times]) => times),
      ['0', '100 300'],
    );
    assert.ok(ends[0]?.[1].startsWith('operation 2 of the plan is due at 50000000 ns; expected at least 100000000 ns'));
    assert.equal(ends[1]?.[1], 'complete');
  });
});

describe('a tick without a moment', () => {
  const TABLE: readonly [sentence: string, tick: unknown, end: string][] = [
    ['NaN', { index: 1, at: Number.NaN }, '{ index: 1, at: NaN }'],
    ['Infinity', { index: 1, at: Number.POSITIVE_INFINITY }, '{ index: 1, at: Infinity }'],
    ['text', { index: 1, at: '5' }, '{ index: 1, at: 5 }'],
    ['undefined', undefined, 'undefined'],
    ['null', null, 'null'],
  ];
  for (const [sentence, tick, shown] of TABLE) {
    const end = `zipAmmo: the tick ${shown} has no moment; expected at, in epoch milliseconds`;
    it(`${sentence}, pulled`, () => {
      const changed = ticks(plan({})).pipe(mapPulled((each) => (each.index === 1 ? (tick as Tick) : each)));
      assert.deepEqual(shot(changed), ['0', end]);
    });
    it(`${sentence}, pushed`, () => assert.deepEqual(shot(of({ index: 0, at: 0 }, tick as Tick)), ['0', end]));
  }
});

describe('times and lengths', () => {
  const YEARS = 3600e9 * 24 * 365 * 292;
  const TABLE: readonly [sentence: string, make: () => Plan, message: RegExp][] = [
    [
      'NaN',
      () => timesPlan([0, Number.NaN, 5]),
      /timesPlan times\[1\]: NaN is not usable; expected a number of at least 0 ns/,
    ],
    ['decreasing', () => timesPlan([5, 3]), /timesPlan times\[1\]: 3 .* at least 5 ns/],
    ['negative', () => timesPlan([-5]), /timesPlan times\[0\]: -5 .* at least 0 ns/],
    ['infinite', () => timesPlan([0, Number.POSITIVE_INFINITY]), /timesPlan times\[1\]: Infinity/],
    [
      'shorter than its operations',
      () => timesPlan([0, 9], 8),
      /timesPlan durationNs: 8 .* at least 9 ns, when the last/,
    ],
    [
      'too long a list',
      () => compositePlan([timesPlan([0], YEARS), timesPlan([0], YEARS)]),
      /composite schedule: .* at most 292 years/,
    ],
    ['too many passes', () => repeatPlan(timesPlan([0], YEARS), 2), /repeatTicks: .* at most 292 years/],
    ['too much of a stretch', () => stretchPlan(timesPlan([0], YEARS), 2), /stretch: .* at most 292 years/],
    ['too long a shift', () => shiftPlan(oncePlan({ times: 1 }), 1e300), /composite schedule: .* at most 292 years/],
    ['too long a rate', () => ratePlan(() => 0, { durationMs: 1e300 }), /ratePlan: .* at most 292 years/],
    ['too long a trace', () => timesPlan([0], 1e300), /timesPlan: .* at most 292 years/],
  ];
  for (const [sentence, make, message] of TABLE) it(sentence, () => assert.throws(make, message));
  it('up to 292 years are a plan', () => {
    assert.equal(timesPlan([0, 0, 5], YEARS).durationNs, YEARS);
    assert.equal(stretchPlan(timesPlan([0], YEARS / 2), 2).durationNs, YEARS);
  });
});
