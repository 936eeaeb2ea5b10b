import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { concat, EMPTY, map, NEVER, type Observable, of, throwError, timer } from 'rxjs';
import type { Plan } from '../../../lib/core/plan.js';
import { miscounted } from '../../../lib/engine/miscounted.js';
import type { Pool } from '../../../lib/engine/pool.js';
import { runPool } from '../../../lib/engine/runPool.js';
import { emptyWindow, mergeWindows, type Window } from '../../../lib/measure/window.js';
import { compositePlan } from '../../../lib/plans/compositePlan.js';
import { NetSample } from '../../../lib/protocols/netSample.js';
import { IterableCursor } from '../../../lib/pull/iterables.js';
import { Pullable } from '../../../lib/pull/pullable.js';
import { constPlan } from '../../../lib/schedules/const.js';
import { linePlan } from '../../../lib/schedules/line.js';
import { oncePlan } from '../../../lib/schedules/once.js';
import { pausePlan } from '../../../lib/plans/shiftPlan.js';
import { VirtualClock } from '../../../lib/testing/index.js';
import { FiringMeter } from '../../../operators/firing/meter.js';
import type { OverflowPolicy } from '../../../operators/firing/overflow.js';
import { shoot } from '../../../operators/shots/shoot.js';
import { zipAmmo } from '../../../operators/shots/zipAmmo.js';
import { ticks } from '../../../operators/ticks/ticks.js';

const START = 1000;
const pulled = (count: number): Observable<unknown> =>
  new Pullable(() => new IterableCursor(Array.from({ length: count }, (_, id) => ({ id, tag: '' }))));

interface Setup {
  readonly plan: Plan;
  readonly instances: number;
  readonly overflow: OverflowPolicy;
  readonly latencyMs: number;
  /** How much ammo there is; what comes after it. */
  readonly ammo: readonly [count: number, then: 'end' | 'silence' | 'error'];
  /** When the run is drained, and for how long; never when undefined. */
  readonly drain: readonly [at: number, limit: number] | undefined;
  /** The shot that fails the run; none when it is beyond the plan. */
  readonly fails: number;
  readonly share: { readonly index: number; readonly of: number };
}

function played({ plan, instances, overflow, latencyMs, ammo: [count, then], drain, fails, share }: Setup) {
  const scheduler = new VirtualClock(START);
  const end = { end: EMPTY, silence: NEVER, error: throwError(() => new Error('bad line')) }[then];
  const windows: Window[] = [];
  let error: unknown;
  const pool: Pool = {
    id: 'p',
    rps: () => ticks(plan, { scheduler, share }),
    startup: ticks(oncePlan({ times: instances }), { scheduler }),
    provider: then === 'end' ? pulled(count) : concat(of(...Array.from({ length: count }, (_, i) => i)), end),
    gunFactory: {
      create: () => ({
        shoot: (_ammo, shot) =>
          timer(latencyMs, scheduler).pipe(
            map(() => {
              if (shot.index === fails) throw new Error('useless');
              return NetSample.of(shot).end(scheduler.now(), 200);
            }),
          ),
      }),
    },
    aggregators: [],
    rpsPerInstance: false,
    plan,
    overflow,
    share,
  };
  const drained = drain === undefined ? NEVER : timer(drain[0], scheduler).pipe(map(() => drain[1]));
  runPool(pool, { scheduler, drain: drained }).subscribe({
    next: (event) => {
      if (event.type === 'window') windows.push(event.window);
    },
    error: (cause: unknown) => {
      error = cause;
    },
  });
  scheduler.run(START + 600_000);
  return { window: windows.reduce(mergeWindows, emptyWindow(START)), error: error === undefined ? '' : String(error) };
}

const plans = fc.oneof(
  fc.integer({ min: 1, max: 40 }).map((times) => oncePlan({ times })),
  fc
    .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 3 }))
    .map(([ops, s]) => constPlan({ ops, duration: s * 1e9 })),
  fc.integer({ min: 1, max: 40 }).map((to) => linePlan({ from: 1, to, duration: 2e9 })),
  fc
    .integer({ min: 1, max: 20 })
    .map((times) => compositePlan([oncePlan({ times }), pausePlan(1e9), oncePlan({ times: 3 })])),
);
const setups: fc.Arbitrary<Setup> = fc.record({
  plan: plans,
  instances: fc.integer({ min: 1, max: 4 }),
  overflow: fc.constantFrom<OverflowPolicy>(
    { policy: 'queue' },
    { policy: 'discard', afterMs: 100 },
    { policy: 'grow', maxInstances: 6 },
    { policy: 'abort', afterMs: 200 },
  ),
  latencyMs: fc.constantFrom(0, 1, 30, 400),
  ammo: fc.tuple(fc.nat(90), fc.constantFrom('end' as const, 'silence' as const, 'error' as const)),
  drain: fc.option(fc.tuple(fc.nat(2500), fc.constantFrom(0, 50, 5000)), { nil: undefined }),
  fails: fc.nat(200),
  share: fc.constantFrom({ index: 0, of: 1 }, { index: 0, of: 2 }, { index: 1, of: 2 }),
});

describe('the counts of a pool', () => {
  it('have every planned operation once, whatever the plan, the policy, the ammo, the stop and the failure', () => {
    fc.assert(
      fc.property(setups, (setup) => {
        const { window, error } = played(setup);
        const { total, withoutAmmo, planned } = window;
        assert.doesNotMatch(error, /are counted/);
        const { index, of: shares } = setup.share;
        const all = Math.max(0, Math.ceil((setup.plan.count - index) / shares));
        const counted = total.ended + total.discarded + total.unfinished + withoutAmmo;
        assert.ok(counted <= all, `${counted} of ${all}`);
        // Only a run that was ended early has operations that were not due.
        if (setup.drain === undefined && error === '') assert.equal(counted, all);
        // And whatever was due before the end of its last window is counted, but for the moment of the end itself.
        if (error === '' && setup.drain === undefined) assert.ok(counted >= (planned ?? 0));
      }),
      { numRuns: 400 },
    );
  });

  const calm: Setup = {
    plan: constPlan({ ops: 10, duration: 2e9 }),
    instances: 1,
    overflow: { policy: 'queue' },
    latencyMs: 1,
    ammo: [100, 'end'],
    drain: undefined,
    fails: -1,
    share: { index: 0, of: 1 },
  };
  const counts = ({ total, withoutAmmo }: Window) => [total.ended, total.discarded, total.unfinished, withoutAmmo];
  const rows: readonly [sentence: string, change: Partial<Setup>, counts: readonly number[]][] = [
    ['all is shot', {}, [20, 0, 0, 0]],
    ['ammo that ends before the plan', { ammo: [7, 'end'] }, [7, 0, 0, 13]],
    [
      'ammo that never comes, and a stop: what was due had none',
      { ammo: [0, 'silence'], drain: [1050, 0] },
      [0, 0, 0, 11],
    ],
    ['ammo that stalls, and a stop', { ammo: [3, 'silence'], drain: [1050, 0] }, [3, 0, 0, 8]],
    ['a stop: what was not due is not counted', { drain: [1050, 0] }, [11, 0, 0, 0]],
    ['a stop with a backlog', { latencyMs: 400, drain: [1050, 0] }, [2, 0, 9, 0]],
    ['discarded ones', { latencyMs: 400, overflow: { policy: 'discard', afterMs: 250 } }, [6, 14, 0, 0]],
    ['the shot whose gun fails is unfinished', { fails: 4 }, [4, 0, 1, 0]],
  ];
  for (const [sentence, change, expected] of rows)
    it(`by hand: ${sentence}`, () => assert.deepEqual(counts(played({ ...calm, ...change }).window), expected));

  it('have pushed ticks that the backlog has no place for as discarded', () => {
    const scheduler = new VirtualClock(START);
    const meter = new FiringMeter();
    const dropped: number[] = [];
    ticks(oncePlan({ times: 500 }), { scheduler })
      .pipe(
        map((tick) => tick),
        zipAmmo('x'.repeat(500), {
          meter,
          ticks: { overflow: 'queue', capacity: 1, onDiscard: ({ index }) => dropped.push(index) },
        }),
        shoot({ create: () => ({ shoot: () => timer(1, scheduler) }) }, { scheduler, meter }),
      )
      .subscribe();
    scheduler.run();
    assert.deepEqual([meter.requests, meter.discarded, dropped.length], [1, 499, 499]);
  });

  it('have the operations without ammo, when that does not come within the limit after the plan', () => {
    const { window } = played({ ...calm, ammo: [7, 'silence'] });
    assert.deepEqual(counts(window), [7, 0, 0, 13]);
    // Two looks, at the end of the plan and 30 s later.
    assert.equal(window.to, START + 2000 + 30_000);
  });

  it('that do not add up are an error with its own code', () => {
    const meter = Object.assign(new FiringMeter(), {
      requests: 5,
      responses: 5,
      discarded: 3,
      withoutAmmo: 1,
      accounted: true,
    });
    const pool = { plan: oncePlan({ times: 10 }), rpsPerInstance: false } as Pool;
    const error = miscounted(pool, meter);
    assert.equal(error?.code, 'ELPIS_COUNTS');
    assert.match(
      error?.message ?? '',
      /^10 operations were planned, and 9 are counted: 5 given to guns \(5 ended\), 3 discarded/,
    );
    meter.notDue = 1;
    assert.equal(miscounted(pool, meter), undefined);
    meter.responses = 4;
    assert.equal(miscounted(pool, meter)?.code, 'ELPIS_COUNTS');
  });
});
