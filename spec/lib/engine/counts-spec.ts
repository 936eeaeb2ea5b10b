import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { map, timer } from 'rxjs';
import { countMismatch } from '../../../lib/engine/countMismatch.js';
import type { Pool } from '../../../lib/engine/pool.js';
import type { Window } from '../../../lib/measure/window.js';
import { constPlan } from '../../../lib/schedules/const.js';
import { oncePlan } from '../../../lib/schedules/once.js';
import { VirtualClock } from '../../../lib/testing/index.js';
import { FiringMeter } from '../../../operators/firing/meter.js';
import { shoot } from '../../../operators/shots/shoot.js';
import { zipAmmo } from '../../../operators/shots/zipAmmo.js';
import { ticks } from '../../../operators/ticks/ticks.js';
import { PLAY_START, type PoolSetup, playPool } from '../../../scripts/soak/fuzzers/playPool.js';
import { runsInVirtualTime } from '../../../scripts/soak/fuzzers/runs.js';

describe('the counts of a pool', () => {
  it(`fuzzed: ${runsInVirtualTime.holds}`, () => runsInVirtualTime.assert(400));

  const regular: PoolSetup = {
    plan: constPlan({ ops: 10, duration: 2e9 }),
    instances: 1,
    overflow: { policy: 'queue' },
    latencies: [1],
    ammo: [100, 'end'],
    drains: [],
    fails: undefined,
    share: { index: 0, of: 1 },
  };
  const counts = ({ total, withoutAmmo }: Window) => [total.ended, total.discarded, total.unfinished, withoutAmmo];
  const rows: readonly [sentence: string, change: Partial<PoolSetup>, counts: readonly number[]][] = [
    ['all is shot', {}, [20, 0, 0, 0]],
    ['ammo that ends before the plan', { ammo: [7, 'end'] }, [7, 0, 0, 13]],
    [
      'ammo that never arrives, and a stop: due operations are without ammo',
      { ammo: [0, 'silence'], drains: [[1050, 0]] },
      [0, 0, 0, 11],
    ],
    ['ammo that stalls, and a stop', { ammo: [3, 'silence'], drains: [[1050, 0]] }, [3, 0, 0, 8]],
    ['a stop: operations that were not due are not counted', { drains: [[1050, 0]] }, [11, 0, 0, 0]],
    ['a stop with a backlog', { latencies: [400], drains: [[1050, 0]] }, [2, 0, 9, 0]],
    ['discarded ones', { latencies: [400], overflow: { policy: 'discard', afterMs: 250 } }, [6, 14, 0, 0]],
    ['the shot whose gun fails is unfinished', { fails: [4, 'error'] }, [4, 0, 1, 0]],
  ];
  for (const [sentence, change, expected] of rows)
    it(`by hand: ${sentence}`, () => assert.deepEqual(counts(playPool({ ...regular, ...change }).window), expected));

  it('have pushed ticks beyond the backlog as discarded', () => {
    const scheduler = new VirtualClock(PLAY_START);
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

  it('have operations without ammo, when no ammo arrives within the limit after the plan', () => {
    const { window } = playPool({ ...regular, ammo: [7, 'silence'] });
    assert.deepEqual(counts(window), [7, 0, 0, 13]);
    // Two checks, at the end of the plan and 30 s later.
    assert.equal(window.to, PLAY_START + 2000 + 30_000);
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
    const error = countMismatch(pool, meter);
    assert.equal(error?.code, 'ELPIS_COUNTS');
    assert.match(
      error?.message ?? '',
      /^10 operations were planned, and 9 are counted: 5 given to guns \(5 ended\), 3 discarded/,
    );
    meter.notDue = 1;
    assert.equal(countMismatch(pool, meter), undefined);
    meter.responses = 4;
    assert.equal(countMismatch(pool, meter)?.code, 'ELPIS_COUNTS');
  });
});
