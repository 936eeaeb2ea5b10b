import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EMPTY, map, NEVER, type Observable, of, Subject, throwError, timer } from 'rxjs';
import { defined } from '../../../lib/core/defined.js';
import { type ErrorCode, isElpisError } from '../../../lib/core/errors.js';
import type { Plan, Tick } from '../../../lib/core/plan.js';
import type { NamedAggregator, Pool } from '../../../lib/engine/pool.js';
import type { PoolEvent } from '../../../lib/engine/runEvent.js';
import type { RunOptions } from '../../../lib/engine/runOptions.js';
import { runPools } from '../../../lib/engine/runPools.js';
import { compositePlan } from '../../../lib/plans/compositePlan.js';
import type { NetSample } from '../../../lib/protocols/netSample.js';
import { IterableCursor } from '../../../lib/pull/iterables.js';
import { Pullable } from '../../../lib/pull/pullable.js';
import { constPlan } from '../../../lib/schedules/const.js';
import { linePlan } from '../../../lib/schedules/line.js';
import { oncePlan } from '../../../lib/schedules/once.js';
import { unlimitedPlan } from '../../../lib/schedules/unlimited.js';
import {
  FakeAggregator,
  FakeGunFactory,
  type FakeGunFactoryOptions,
  FakeProvider,
  VirtualClock,
} from '../../../lib/testing/index.js';
import { type Command, command } from '../../../operators/ticks/command.js';
import { ticks } from '../../../operators/ticks/ticks.js';

const SECOND = 1e9;
const numbers = (count = Number.POSITIVE_INFINITY): Observable<unknown> =>
  new Pullable(() => {
    function* range() {
      for (let i = 1; i <= count; i++) yield { id: i, tag: '' };
    }
    return new IterableCursor(range());
  });

interface Seen {
  readonly index: number;
  readonly outcome: string;
  readonly instance: number;
  readonly intended: number;
  readonly started: number;
  readonly slotWait: number;
  readonly ended: number;
}

interface Setup {
  readonly rps: Plan;
  readonly startup?: Plan;
  readonly gun?: Partial<FakeGunFactoryOptions<unknown>>;
  readonly pool?: Partial<Pool>;
  readonly aggregators?: readonly NamedAggregator[];
  readonly drain?: Observable<number>;
  readonly until?: number;
  readonly control?: RunOptions['control'];
  readonly clock?: VirtualClock;
}

function run({
  rps,
  startup = oncePlan({ times: 1 }),
  gun,
  pool,
  aggregators = [],
  drain = NEVER,
  until,
  control,
  clock = new VirtualClock(1000),
}: Setup) {
  const gunFactory = new FakeGunFactory({ scheduler: clock, ...gun });
  const seen = new FakeAggregator<NetSample, Seen>(
    ({ index, outcome, instance, intended, started, slotWait, ended }) => ({
      index,
      outcome,
      instance,
      intended,
      started,
      slotWait,
      ended,
    }),
  );
  const events: PoolEvent[] = [];
  const result: { error?: unknown; completed: boolean } = { completed: false };
  const one: Pool = {
    id: 'p',
    rps: () => ticks(rps),
    startup: ticks(startup, { scheduler: clock }),
    provider: numbers(),
    gunFactory,
    aggregators: [{ name: 'seen', aggregator: seen.aggregator }, ...aggregators],
    rpsPerInstance: false,
    overflow: { policy: 'discard', afterMs: 2000 },
    ...pool,
  };
  const subscription = runPools([one], {
    scheduler: clock,
    drain,
    ...defined({ control }),
  }).subscribe({
    next: (event) => events.push(event),
    error: (error: unknown) => {
      result.error = error;
    },
    complete: () => {
      result.completed = true;
    },
  });
  clock.run(until);
  return { gunFactory, seen, events, result, clock, subscription };
}

describe('runPools', () => {
  it('shoots each operation at its planned moment and closes everything once', () => {
    const { gunFactory, seen, result, events } = run({ rps: constPlan({ ops: 2, duration: 2 * SECOND }) });
    assert.deepEqual(
      seen.seen.map(({ started }) => started),
      [1000, 1500, 2000, 2500],
    );
    assert.deepEqual(gunFactory.closes, [1]);
    assert.deepEqual([gunFactory.warmUps, gunFactory.closed, seen.flushed, seen.aborted], [1, 1, 1, 0]);
    assert.equal(result.completed, true);
    assert.deepEqual(
      events.map(({ type }) => type),
      ['pool-started', 'progress', 'window', 'window', 'report', 'pool-finished'],
    );
  });

  it('follows a curved plan exactly, with any number of instances', () => {
    const rps = compositePlan([
      linePlan({ from: 1, to: 200, duration: 10 * SECOND }),
      linePlan({ from: 200, to: 0, duration: 7 * SECOND }),
    ]);
    const { gunFactory } = run({ rps, startup: oncePlan({ times: 20 }), gun: { latencyMs: 3 } });
    assert.deepEqual(
      gunFactory.shots.map(({ started }) => started),
      Array.from({ length: rps.count }, (_, i) => 1000 + rps.atNs(i) / 1e6),
    );
  });

  it('does not wait for a pause at the end, but for one in the middle', () => {
    const pause = constPlan({ ops: 0, duration: 10 * SECOND });
    const once = oncePlan({ times: 1 });
    const { seen, clock } = run({ rps: compositePlan([once, pause, once, pause]) });
    assert.deepEqual(
      seen.seen.map(({ started }) => started),
      [1000, 11_000],
    );
    assert.ok(clock.now() < 12_000);
  });

  it('lets late operations keep their intended time and separates slot wait from lateness', () => {
    const { seen } = run({ rps: constPlan({ ops: 10, duration: 0.5 * SECOND }), gun: { latencyMs: 250 } });
    assert.deepEqual(
      seen.seen.map(({ intended, started, slotWait }) => [intended, started, slotWait]),
      [
        [1000, 1000, 0],
        [1100, 1250, 150],
        [1200, 1500, 300],
        [1300, 1750, 450],
        [1400, 2000, 600],
      ],
    );
  });

  it('discards what is overdue by 2 s, as Pandora does', () => {
    // 2 op/s for 4 s with one instance and responses after 5 s: 0 is shot, 0.5 ... 3.0 s are discarded, 3.5 s is shot.
    const { seen } = run({ rps: constPlan({ ops: 2, duration: 4 * SECOND }), gun: { latencyMs: 5000 } });
    const outcomes = [...seen.seen].sort((a, b) => a.index - b.index).map(({ outcome }) => outcome);
    assert.deepEqual(outcomes, [
      'shot',
      'discarded',
      'discarded',
      'discarded',
      'discarded',
      'discarded',
      'discarded',
      'shot',
    ]);
  });

  it('shoots overdue operations when discard_overflow is off', () => {
    const { seen } = run({
      rps: constPlan({ ops: 2, duration: 4 * SECOND }),
      gun: { latencyMs: 5000 },
      pool: { overflow: { policy: 'queue' } },
    });
    assert.deepEqual(
      seen.seen.map(({ outcome }) => outcome),
      Array(8).fill('shot'),
    );
  });

  it('grows when operations are due and no instance is free, each share of a run to its part, and counts it', () => {
    const setup = { rps: constPlan({ ops: 10, duration: 2 * SECOND }), gun: { latencyMs: 450 } };
    const overflow = { policy: 'grow', maxInstances: 11 } as const;
    const whole = run({ ...setup, pool: { overflow } });
    assert.ok(whole.seen.seen.every(({ slotWait }) => slotWait === 0));
    const finished = whole.events.at(-1);
    assert.ok(finished?.type === 'pool-finished');
    assert.deepEqual([finished.progress.instancesStarted, finished.progress.instancesGrown], [5, 4]);
    const share = run({ ...setup, gun: { latencyMs: 9000 }, pool: { overflow, share: { index: 2, of: 3 } } });
    assert.deepEqual(
      [...new Set(share.gunFactory.shots.map(({ instance }) => instance))],
      [2, 5, 8],
      'of 11 instances the third share of three has these',
    );
    const alone = run({ ...setup, pool: { overflow, rpsPerInstance: true } });
    assert.match(String(alone.result.error), /pool "p": overflow cannot be grow/);
  });

  it('ends the run when an operation is due and no instance is free, if overflow is to abort', () => {
    const { result, seen, gunFactory } = run({
      rps: constPlan({ ops: 10, duration: SECOND }),
      gun: { latencyMs: 150 },
      pool: { overflow: { policy: 'abort', afterMs: 80 } },
    });
    assert.match(String(result.error), /pool "p".*shot 2 has been due for 80 ms and none of the 1 instances is free/);
    assert.deepEqual([seen.seen.length, seen.flushed, gunFactory.aborted, gunFactory.closes], [3, 1, 1, [1]]);
    assert.deepEqual(
      seen.seen.map(({ outcome, ended, intended }) => [outcome, ended - intended]),
      [
        ['shot', 150],
        ['unfinished', 180],
        ['unfinished', 80],
      ],
    );
  });

  it('starts instances by the startup schedule and uses the one that has been free the longest', () => {
    const { gunFactory } = run({
      rps: constPlan({ ops: 4, duration: 2 * SECOND }),
      startup: constPlan({ ops: 1, duration: 3 * SECOND }),
    });
    assert.deepEqual(
      gunFactory.shots.map(({ instance }) => instance),
      [0, 0, 0, 0, 0, 1, 0, 1],
    );
    assert.equal(gunFactory.made, 2, 'no instance starts when the schedule is finished');
  });

  it('gives every instance its own schedule with rps-per-instance', () => {
    const { gunFactory, result } = run({
      rps: constPlan({ ops: 1, duration: 2 * SECOND }),
      startup: oncePlan({ times: 3 }),
      pool: { rpsPerInstance: true },
    });
    assert.deepEqual(
      gunFactory.shots.map(({ instance, started }) => [instance, started]),
      [
        [0, 1000],
        [1, 1000],
        [2, 1000],
        [0, 2000],
        [1, 2000],
        [2, 2000],
      ],
    );
    assert.deepEqual([gunFactory.closes, result.completed], [[1, 1, 1], true]);
  });

  it('runs an unlimited schedule as a closed loop', () => {
    const { seen } = run({
      rps: unlimitedPlan({ duration: SECOND }),
      startup: oncePlan({ times: 2 }),
      gun: { latencyMs: 100 },
    });
    assert.equal(seen.seen.length, 20);
    assert.ok(seen.seen.every(({ intended, started }) => intended === started));
  });

  it('plays [finite, unlimited, finite] in full', () => {
    const rps = compositePlan([
      oncePlan({ times: 1 }),
      unlimitedPlan({ duration: 0.3 * SECOND }),
      oncePlan({ times: 3 }),
    ]);
    const { seen } = run({ rps, gun: { latencyMs: 100 } });
    assert.equal(seen.seen.length, 1 + 2 + 3);
  });

  it('succeeds when the ammo is finished, and starts no further instance', () => {
    const { gunFactory, result } = run({
      rps: constPlan({ ops: 10, duration: 10 * SECOND }),
      startup: constPlan({ ops: 1, duration: 10 * SECOND }),
      pool: { provider: numbers(3) },
    });
    assert.deepEqual([gunFactory.shots.length, gunFactory.made, result.completed], [3, 1, true]);
  });

  it('succeeds without any instance', () => {
    const { gunFactory, result } = run({
      rps: constPlan({ ops: 1, duration: SECOND }),
      startup: constPlan({ ops: 0, duration: SECOND }),
    });
    assert.deepEqual([gunFactory.made, result.completed], [0, true]);
  });

  it('draws no ammo that it does not shoot', () => {
    const provider = new FakeProvider<number>().load(1, 2, 3, 4, 5).finish();
    run({ rps: constPlan({ ops: 1, duration: 3 * SECOND }), pool: { provider } });
    assert.deepEqual(
      [provider.taken.slice(0, 3), provider.givenBack, provider.released, provider.closed],
      [[1, 2, 3], [4], [1, 2, 3], 1],
    );
  });

  it('does not wait for ammo that never arrives when the schedule is finished', () => {
    const provider = new FakeProvider<number>().load(1);
    const { result, gunFactory } = run({ rps: constPlan({ ops: 1, duration: SECOND }), pool: { provider } });
    assert.deepEqual([gunFactory.shots.length, result.completed], [1, true]);
  });

  it("waits for ammo and records the wait as the generator's own lateness", () => {
    const clock = new VirtualClock(1000);
    const provider = new FakeProvider<number>();
    clock.schedule(() => provider.load(1, 2).finish(), 700);
    const { seen } = run({ rps: constPlan({ ops: 10, duration: SECOND }), pool: { provider }, clock });
    assert.deepEqual(
      seen.seen.map(({ started, slotWait }) => [started, slotWait]),
      [
        [1700, 0],
        [1800, 0],
      ],
    );
  });

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

  describe('drain', () => {
    it('starts no new shot, waits for shots under way, and completes', () => {
      const drain = new Subject<number>();
      const clock = new VirtualClock(1000);
      clock.schedule(() => drain.next(30_000), 1250);
      const { seen, result } = run({
        rps: constPlan({ ops: 1, duration: 60 * SECOND }),
        gun: { latencyMs: 500 },
        drain,
        clock,
      });
      assert.deepEqual(
        seen.seen.map(({ outcome, ended }) => [outcome, ended]),
        [
          ['shot', 1500],
          ['shot', 2500],
        ],
      );
      assert.equal(result.completed, true);
    });

    it('records shots that are still under way at the limit as unfinished with their age, and aborts them', () => {
      const drain = new Subject<number>();
      const clock = new VirtualClock(1000);
      clock.schedule(() => drain.next(2000), 500);
      const { seen, gunFactory, result } = run({
        rps: oncePlan({ times: 2 }),
        startup: oncePlan({ times: 2 }),
        gun: { latencyMs: 1e9 },
        drain,
        clock,
        until: 60_000,
      });
      assert.deepEqual(
        seen.seen.map(({ outcome, ended, intended }) => [outcome, ended - intended]),
        [
          ['unfinished', 2500],
          ['unfinished', 2500],
        ],
      );
      assert.deepEqual([gunFactory.aborted, result.completed, gunFactory.closes], [2, true, [1, 1]]);
    });

    it('records operations that were due but had no instance as unfinished', () => {
      const drain = new Subject<number>();
      const clock = new VirtualClock(1000);
      clock.schedule(() => drain.next(0), 1050);
      const { seen } = run({
        rps: constPlan({ ops: 5, duration: 10 * SECOND }),
        gun: { latencyMs: 1e9 },
        drain,
        clock,
        until: 60_000,
      });
      assert.deepEqual(
        [...seen.seen].sort((a, b) => a.index - b.index).map(({ index, outcome }) => [index, outcome]),
        [0, 1, 2, 3, 4, 5].map((index) => [index, 'unfinished']),
      );
    });

    it('stops at once when the limit is set to 0 later', () => {
      const drain = new Subject<number>();
      const clock = new VirtualClock(1000);
      clock.schedule(() => drain.next(30_000), 100);
      clock.schedule(() => drain.next(0), 200);
      const { seen } = run({ rps: oncePlan({ times: 1 }), gun: { latencyMs: 1e9 }, drain, clock, until: 2000 });
      assert.deepEqual(
        seen.seen.map(({ outcome, ended }) => [outcome, ended]),
        [['unfinished', 1200]],
      );
    });

    it('ends a warm-up that never ends', () => {
      const drain = new Subject<number>();
      const clock = new VirtualClock(1000);
      clock.schedule(() => drain.next(0), 100);
      const { result, gunFactory } = run({ rps: oncePlan({ times: 1 }), gun: { warmUp: () => NEVER }, drain, clock });
      assert.deepEqual([result.completed, gunFactory.made, gunFactory.closed], [true, 0, 1]);
    });
  });

  describe('control', () => {
    const steered = (setup: Setup, orders: readonly [at: number, order: Command][]) => {
      const clock = new VirtualClock(1000);
      const commands = new Subject<Command>();
      for (const [at, order] of orders) clock.schedule(() => commands.next(order), at);
      const ran = run({ ...setup, clock, control: () => commands });
      assert.deepEqual([ran.result.completed, commands.observed], [true, false]);
      return ran.gunFactory.shots.map(({ instance, started }) => `${instance}@${started - 1000}`);
    };
    const rps = constPlan({ ops: 10, duration: 0.5 * SECOND });

    it('pauses, resumes, sets the rate, scales it, and stops', () => {
      const orders: readonly [at: number, order: Command][] = [
        [150, command.pause()],
        [1150, command.resume()],
        [1250, command.setRate(50)],
        [1290, command.scaleBy(0.5)],
        [1390, command.stop()],
      ];
      assert.deepEqual(
        steered({ rps }, orders),
        [0, 100, 1200, 1260, 1280, 1310, 1350].map((at) => `0@${at}`),
      );
    });

    it('receives the commands that are sent during the warm-up', () => {
      const clock = new VirtualClock(1000);
      const warmUp = () => timer(500, clock);
      const commands = timer(100, clock).pipe(map(() => command.scaleBy(2)));
      const { gunFactory } = run({ rps, gun: { warmUp }, clock, control: () => commands });
      assert.deepEqual(
        gunFactory.shots.map(({ started }) => started),
        [1500, 1550, 1600, 1650, 1700],
      );
    });

    it('steers the schedules of instances that start later as if they had received all commands', () => {
      const startup = constPlan({ ops: 5, duration: 0.4 * SECOND });
      const setup = { rps: constPlan({ ops: 10, duration: 0.3 * SECOND }), startup, pool: { rpsPerInstance: true } };
      assert.deepEqual(steered(setup, [[150, command.scaleBy(2)]]), [
        '0@0',
        '0@100',
        '0@175',
        '1@200',
        '1@250',
        '1@300',
      ]);
      const orders: readonly [at: number, order: Command][] = [
        [150, command.pause()],
        [450, command.resume()],
        [470, command.stop()],
      ];
      assert.deepEqual(steered(setup, orders), ['0@0', '0@100', '1@450']);
      assert.deepEqual(steered(setup, [[150, command.stop()]]), ['0@0', '0@100'], 'and starts no further instance');
    });

    it('gets the commands of each pool by its name', () => {
      const asked: string[] = [];
      run({
        rps,
        control: (pool) => {
          asked.push(pool);
          return EMPTY;
        },
      });
      assert.deepEqual(asked, ['p']);
    });

    it('fails the pool when the commands fail or are invalid, and flushes', () => {
      for (const commands of [throwError(() => new Error('lost')), of({ type: 'rate', perSecond: -1 } as const)]) {
        const { result, seen } = run({ rps, control: () => commands });
        assert.match(String(result.error), /pool "p".*(lost|the rate cannot be -1)/);
        assert.equal(seen.flushed, 1);
      }
    });
  });

  it('aborts shots and closes everything once when it is unsubscribed from', () => {
    const { gunFactory, seen, subscription, clock } = run({
      rps: constPlan({ ops: 10, duration: 60 * SECOND }),
      startup: oncePlan({ times: 2 }),
      gun: { latencyMs: 1e9 },
      until: 1150,
    });
    subscription.unsubscribe();
    clock.run(100_000);
    assert.deepEqual(
      [gunFactory.shots.length, gunFactory.aborted, gunFactory.closes, gunFactory.closed, seen.aborted],
      [2, 2, [1, 1], 1, 1],
    );
  });

  it('completes at once when there is no pool', () => {
    let completed = false;
    runPools([]).subscribe({
      complete: () => {
        completed = true;
      },
    });
    assert.equal(completed, true);
  });

  it('also accepts ordinary Observables as schedule and provider', () => {
    const clock = new VirtualClock();
    const rps = (): Observable<Tick> => of({ index: 0, at: 5 }, { index: 1, at: 10 });
    const { seen } = run({ rps: oncePlan({ times: 1 }), pool: { rps, provider: of('a', 'b', 'c') }, clock });
    assert.deepEqual(
      seen.seen.map(({ started }) => started),
      [5, 10],
    );
    const { result } = run({ rps: oncePlan({ times: 1 }), pool: { provider: EMPTY } });
    assert.equal(result.completed, true);
  });
});
