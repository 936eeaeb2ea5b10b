import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Observable, throwError } from 'rxjs';
import { type ErrorCode, isElpisError } from '../../../lib/core/errors.js';
import type { Plan } from '../../../lib/core/plan.js';
import type { Pool } from '../../../lib/engine/pool.js';
import { runPools } from '../../../lib/engine/runPools.js';
import { compositePlan } from '../../../lib/plans/compositePlan.js';
import type { NetSample } from '../../../lib/protocols/netSample.js';
import { constPlan } from '../../../lib/schedules/const.js';
import { oncePlan } from '../../../lib/schedules/once.js';
import { FakeAggregator, FakeGunFactory, FakeProvider, VirtualClock } from '../../../lib/testing/index.js';
import { ticks } from '../../../operators/ticks/ticks.js';
import { numbers, run, SECOND, type Setup } from './runOf.js';

describe('runPools', () => {
  describe('failures name the failed part, close everything once, and flush what was recorded', () => {
    const rps = constPlan({ ops: 10, duration: SECOND });
    const failing: readonly [name: string, setup: Partial<Setup>, code: ErrorCode, message: RegExp, shots: number][] = [
      [
        'the gun cannot be made',
        {
          gun: {
            onMake: () => {
              throw new Error('no such device');
            },
          },
        },
        'ELPIS_GUN',
        /instance 0.*no such device/,
        0,
      ],
      [
        'the warm-up fails',
        { gun: { warmUp: () => throwError(() => new Error('unreachable')) } },
        'ELPIS_GUN',
        /warm-up.*unreachable/,
        0,
      ],
      [
        'a shot throws',
        {
          gun: {
            onShoot: (_, { index }) => {
              if (index === 2) throw new Error('wrong ammo');
            },
          },
        },
        'ELPIS_SHOT',
        /the gun failed: wrong ammo/,
        3,
      ],
      [
        'the provider fails',
        { pool: { provider: new FakeProvider<number>().load(1, 2).fail(new Error('bad line')) } },
        'ELPIS_AMMO',
        /provider.*bad line/,
        2,
      ],
      [
        'the aggregator fails',
        { aggregators: [{ name: 'bad', aggregator: new FakeAggregator((s) => s, { failAt: 3 }).aggregator }] },
        'ELPIS_AGGREGATOR',
        /"bad" failed.*sample 3/,
        3,
      ],
      [
        'samples were dropped',
        { aggregators: [{ name: 'slow', aggregator: new FakeAggregator((s) => s, { dropped: 7 }).aggregator }] },
        'ELPIS_SAMPLES_DROPPED',
        /7 samples/,
        10,
      ],
    ];
    for (const [name, setup, code, message, shots] of failing) {
      it(name, () => {
        const { result, gunFactory, seen } = run({ rps, ...setup });
        assert.ok(isElpisError(result.error, code), String(result.error));
        assert.equal(result.error.pool, 'p');
        assert.deepEqual(result.error.message.match(/pool "p"/g), ['pool "p"'], 'the pool is named once');
        assert.match(result.error.message, message);
        assert.deepEqual([seen.seen.length, seen.flushed, gunFactory.closed], [shots, 1, 1]);
        assert.ok(gunFactory.closes.every((times) => times === 1));
      });
    }

    it('the error of every part has its name in the config', () => {
      const names = { gun: 'http', provider: 'uri', schedule: 'bursts', startup: 'ramp' };
      const no = (): Observable<never> => throwError(() => new Error('boom'));
      const broken: Plan = {
        ...rps,
        atNs: () => {
          throw new Error('boom');
        },
      };
      const PARTS: readonly [setup: Partial<Setup>, code: ErrorCode, message: RegExp, component: string][] = [
        [{ gun: { warmUp: no } }, 'ELPIS_GUN', /the warm-up of gun "http" failed: boom/, 'gun http'],
        [{ pool: { provider: no() } }, 'ELPIS_AMMO', /provider "uri" failed: boom/, 'provider uri'],
        [{ pool: { rps: no } }, 'ELPIS_SCHEDULE', /schedule "bursts" failed: boom/, 'schedule bursts'],
        [{ pool: { startup: no() } }, 'ELPIS_SCHEDULE', /schedule "ramp" of the instances failed/, 'schedule ramp'],
        [{ rps: broken }, 'ELPIS_SCHEDULE', /the schedule failed: boom/, 'schedule bursts'],
        [{ control: no }, 'ELPIS_CONTROL', /the commands failed: boom/, 'unknown'],
        [{ drain: no() }, 'ELPIS_CONTROL', /the drain failed: boom/, 'unknown'],
      ];
      for (const [setup, code, message, component] of PARTS) {
        const { result } = run({ rps, ...setup, pool: { names, ...setup.pool } });
        assert.ok(isElpisError(result.error, code), `${message.source}: ${String(result.error)}`);
        assert.match(result.error.message, message);
        const { kind, name } = result.error.component ?? {};
        assert.equal(kind === undefined ? 'unknown' : `${kind} ${name}`, component);
      }
    });

    it('several pools fail: the first is outermost, the others are attached', () => {
      const clock = new VirtualClock();
      const base = {
        rps: () => ticks(constPlan({ ops: 10, duration: SECOND }), { scheduler: clock }),
        startup: ticks(oncePlan({ times: 1 }), { scheduler: clock }),
        gunFactory: new FakeGunFactory({ scheduler: clock }),
        rpsPerInstance: false,
      };
      const slow = new FakeAggregator<NetSample, number>(({ index }) => index, { dropped: 7 });
      const fast = new FakeProvider<number>().load(1, 2).fail(new Error('bad line'));
      const pools: readonly Pool[] = [
        { ...base, id: 'slow', provider: numbers(), aggregators: [{ name: 'slow', aggregator: slow.aggregator }] },
        { ...base, id: 'fast', provider: fast, aggregators: [] },
      ];
      let error: unknown;
      runPools(pools, { scheduler: clock }).subscribe({
        error: (failure: unknown) => {
          error = failure;
        },
      });
      clock.run();
      assert.ok(isElpisError(error, 'ELPIS_AMMO'));
      assert.deepEqual([error.pool, error.message], ['fast', 'pool "fast": the provider failed: bad line']);
      assert.deepEqual(
        error.also?.map(({ code, pool, message }) => [code, pool, message]),
        [['ELPIS_SAMPLES_DROPPED', 'slow', 'pool "slow": fake: 7 samples were dropped']],
      );
    });

    it('the other pools stop shooting, finish shots under way, and flush', () => {
      const clock = new VirtualClock();
      const good = {
        gunFactory: new FakeGunFactory({ scheduler: clock, latencyMs: 300 }),
        seen: new FakeAggregator<NetSample, string>((s) => s.outcome),
      };
      const bad = new FakeGunFactory({
        scheduler: clock,
        onShoot: () => {
          throw new Error('broken');
        },
      });
      const base = {
        startup: ticks(oncePlan({ times: 1 }), { scheduler: clock }),
        provider: numbers(),
        rpsPerInstance: false,
        overflow: { policy: 'discard' as const, afterMs: 2000 },
      };
      let failed: unknown;
      runPools(
        [
          {
            ...base,
            id: 'good',
            rps: () => ticks(constPlan({ ops: 1, duration: 60 * SECOND })),
            gunFactory: good.gunFactory,
            aggregators: [{ name: 'seen', aggregator: good.seen.aggregator }],
          },
          {
            ...base,
            id: 'bad',
            rps: () => ticks(compositePlan([constPlan({ ops: 0, duration: 0.1 * SECOND }), oncePlan({ times: 1 })])),
            gunFactory: bad,
            aggregators: [],
          },
        ],
        { scheduler: clock },
      ).subscribe({
        error: (error: unknown) => {
          failed = error;
        },
      });
      clock.run();
      assert.match(String(failed), /pool "bad".*broken/);
      assert.deepEqual([good.seen.seen, good.seen.flushed, good.gunFactory.closes], [['shot'], 1, [1]]);
      assert.ok(clock.now() < 4000);
    });
  });
});
