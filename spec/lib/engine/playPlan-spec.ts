import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { concat, defer, delay, EMPTY, filter, map, NEVER, type Observable, of, take, tap, throwError } from 'rxjs';
import { defined } from '../../../lib/core/defined.js';
import type { Plan, Tick } from '../../../lib/core/plan.js';
import { playPlan } from '../../../lib/engine/playPlan.js';
import { planThrough } from '../../../lib/engine/throughOperators.js';
import { constPlan } from '../../../lib/schedules/const.js';
import { oncePlan } from '../../../lib/schedules/once.js';
import { unlimitedPlan } from '../../../lib/schedules/unlimited.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';
import { filterPulled } from '../../../operators/shots/filterPulled.js';
import { mapPulled } from '../../../operators/shots/mapPulled.js';
import { scaleRate } from '../../../operators/ticks/scaleRate.js';
import { ticks } from '../../../operators/ticks/ticks.js';

type Operator = (source: Observable<Tick>) => Observable<Tick>;
const TEN = constPlan({ ops: 10, duration: 1e9 });
const clock = new VirtualClock(5000);

/** The result: `count in duration: moments of the first three`, in milliseconds, or why it is unknown. */
function played(operator: Operator, plan: Plan = TEN): string {
  const operators = { ticks: [{ name: 'own', operator }], shots: [], samples: [] };
  const known = planThrough(plan, operators.ticks);
  const pool = {
    rps: () => ticks(plan, { scheduler: clock }),
    operators,
    ...defined({ plan: known }),
  };
  const found = playPlan(pool, clock);
  if ('unknown' in found) return found.unknown;
  const first = [0, 1, 2].filter((i) => i < found.plan.count).map((i) => found.plan.atNs(i) / 1e6);
  return `${found.plan.count} in ${found.plan.durationNs / 1e6}: ${first.join(' ')}`;
}

describe('playPlan', () => {
  const TABLE: readonly [sentence: string, operator: Operator, seen: string, plan?: Plan][] = [
    [
      'an operator of plans changes a plan of any length',
      scaleRate(2),
      '2000000000 in 1000: 0 0 0.000001',
      constPlan({ ops: 1e9, duration: 1e9 }),
    ],
    ['takeTicks, pushed: it ends with the last tick', take(3), '3 in 200: 0 100 200'],
    ['a filter, pulled', filterPulled(({ index }) => index % 3 === 0), '4 in 1000: 0 300 600'],
    ['a filter, pushed', filter(({ index }) => index % 3 === 0), '4 in 1000: 0 300 600'],
    ['other moments, pulled', mapPulled((tick) => ({ ...tick, at: tick.at + 50 })), '10 in 1000: 50 150 250'],
    ['moments after the end', mapPulled((tick) => ({ ...tick, at: tick.at + 500 })), '10 in 1400: 500 600 700'],
    ['a delay on the clock of the run keeps the moments', delay(200, clock), '10 in 1100: 0 100 200'],
    [
      'more ticks than before',
      (source) =>
        concat(
          source,
          defer(() => of({ index: 10, at: clock.now() })),
        ),
      '11 in 1000: 0 100 200',
    ],
    ['nothing', () => EMPTY, '0 in 0: '],
    [
      'ticks that never end',
      (source) => concat(source, NEVER),
      'operators ("own") do not end in virtual time: one waits for real time or a promise',
    ],
    [
      'a delay in real time',
      delay(1),
      'operators ("own") do not end in virtual time: one waits for real time or a promise',
    ],
    ['times before the start', map((tick) => ({ ...tick, at: 0 })), 'expected a number of at least 0 ns'],
    [
      'a failure',
      (source) =>
        concat(
          source,
          throwError(() => new Error('boom')),
        ),
      'boom',
    ],
    [
      'an unlimited schedule',
      mapPulled((tick) => tick),
      'the schedule is unlimited, and operators ("own") change it',
      unlimitedPlan({ duration: 1e9 }),
    ],
    ['half a million operations', mapPulled((tick) => tick), '500000 in 0: 0 0 0', oncePlan({ times: 500_000 })],
    [
      'one more',
      mapPulled((tick) => tick),
      'operators ("own") change it, and only 500000 operations are played to count them',
      oncePlan({ times: 500_001 }),
    ],
    [
      'an operator that adds without end',
      () => ticks(oncePlan({ times: 1e9 }), { scheduler: clock }).pipe(filter(() => true)),
      'operators ("own") make more than 500000 operations',
    ],
  ];
  for (const [sentence, operator, seen, plan] of TABLE)
    it(sentence, () => {
      const text = played(operator, plan);
      assert.ok(text.endsWith(seen), text);
    });

  it('unsubscribes from a stream that does not end', () => {
    let closed = 0;
    played((source) => concat(source, NEVER).pipe(tap({ unsubscribe: () => closed++ })));
    assert.equal(closed, 1);
  });

  it('a stream has no plan', () => {
    const found = playPlan(
      { rps: () => of({ index: 0, at: 0 }), operators: { ticks: [], shots: [], samples: [] } },
      clock,
    );
    assert.deepEqual(found, { unknown: 'the schedule is a stream without a plan' });
  });
});
