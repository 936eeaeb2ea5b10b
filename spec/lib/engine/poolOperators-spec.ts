import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { catchError, concat, filter, map, NEVER, type Observable, of, take, tap, throwError, timer } from 'rxjs';
import { isElpisError } from '../../../lib/core/errors.js';
import type { Plan } from '../../../lib/core/plan.js';
import type { Shot } from '../../../lib/core/shot.js';
import type { Pool, PoolOperators } from '../../../lib/engine/pool.js';
import { runPools } from '../../../lib/engine/runPools.js';
import type { NetSample } from '../../../lib/protocols/netSample.js';
import { constPlan } from '../../../lib/schedules/const.js';
import { oncePlan } from '../../../lib/schedules/once.js';
import { unlimitedPlan } from '../../../lib/schedules/unlimited.js';
import { FakeAggregator } from '../../../lib/testing/fakeAggregator.js';
import { FakeGunFactory, type FakeGunFactoryOptions } from '../../../lib/testing/fakeGuns.js';
import { FakeProvider } from '../../../lib/testing/fakeProvider.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';
import { filterPulled } from '../../../operators/shots/filterPulled.js';
import { mapPulled } from '../../../operators/shots/mapPulled.js';
import { type Command, command } from '../../../operators/ticks/command.js';
import { jitter } from '../../../operators/ticks/jitter.js';
import { shiftBy } from '../../../operators/ticks/shiftBy.js';
import { ticks } from '../../../operators/ticks/ticks.js';

const fourInTwoSeconds = constPlan({ ops: 2, duration: 2e9 });

interface Setup {
  readonly operators: PoolOperators;
  readonly rps?: Plan;
  readonly gun?: Partial<FakeGunFactoryOptions<unknown>>;
  readonly pool?: Partial<Pool>;
  readonly control?: (clock: VirtualClock) => Observable<Command>;
  readonly drain?: (clock: VirtualClock) => Observable<number>;
}

function run({ operators, rps = fourInTwoSeconds, gun, pool, control, drain = () => NEVER }: Setup) {
  const clock = new VirtualClock();
  const gunFactory = new FakeGunFactory({ scheduler: clock, ...gun });
  const seen = new FakeAggregator<NetSample, readonly [number, number, string]>(({ index, intended, tag }) => [
    index,
    intended,
    tag,
  ]);
  const provider = new FakeProvider<object>().load(...Array.from({ length: 50 }, () => ({})));
  const result: { error?: unknown; completed: boolean } = { completed: false };
  const one: Pool = {
    id: 'p',
    rps: () => ticks(rps, { scheduler: clock }),
    plan: rps,
    startup: ticks(oncePlan({ times: 1 }), { scheduler: clock }),
    provider,
    gunFactory,
    aggregators: [{ name: 'seen', aggregator: seen.aggregator }],
    rpsPerInstance: false,
    operators,
    ...pool,
  };
  runPools([one], {
    scheduler: clock,
    drain: drain(clock),
    ...(control === undefined ? {} : { control: () => control(clock) }),
  }).subscribe({
    error: (error: unknown) => {
      result.error = error;
    },
    complete: () => {
      result.completed = true;
    },
  });
  clock.run();
  return { gunFactory, seen, provider, result, closed: () => [gunFactory.closes, gunFactory.closed, provider.closed] };
}

const noMore = { ticks: [], shots: [], samples: [] };

describe('operators of a pool', () => {
  it('stand between schedule and ammo, ammo and instances, instances and results, each list in order', () => {
    const { seen, gunFactory, result, closed } = run({
      operators: {
        ticks: [
          { name: 'later', operator: mapPulled((tick) => ({ ...tick, at: tick.at + 100 })) },
          { name: 'even', operator: filterPulled(({ index }) => index % 2 === 0) },
        ],
        shots: [{ name: 'ammo', operator: map((shot) => ({ ...shot, ammo: `ammo ${shot.index}` })) }],
        samples: [
          { name: 'one', operator: tap((sample) => (sample.tag += 'one ')) },
          { name: 'two', operator: tap((sample) => (sample.tag += 'two')) },
        ],
      },
    });
    assert.deepEqual(
      gunFactory.shots.map(({ ammo, started }) => [ammo, started]),
      [
        ['ammo 0', 100],
        ['ammo 2', 1100],
      ],
    );
    assert.deepEqual(seen.seen, [
      [0, 100, 'one two'],
      [2, 1100, 'one two'],
    ]);
    assert.deepEqual([result.completed, seen.flushed, ...closed()], [true, 1, [1], 1, 1]);
  });

  it('see discarded and unfinished operations too', () => {
    const outcomes: string[] = [];
    run({
      operators: {
        samples: [{ name: 'look', operator: tap(({ outcome, tag }) => outcomes.push(`${outcome} ${tag}`)) }],
      },
      gun: { latencyMs: 1200 },
      pool: { overflow: { policy: 'discard', afterMs: 600 } },
    });
    assert.deepEqual(outcomes, ['shot ', 'discarded discarded', 'shot ', 'discarded discarded']);
  });

  it('may drop samples and end a pool early; shots under way are aborted', () => {
    const dropping = run({
      operators: { samples: [{ name: 'odd', operator: filter(({ index }) => index % 2 === 1) }] },
    });
    assert.deepEqual(
      dropping.seen.seen.map(([index]) => index),
      [1, 3],
    );
    const ending = run({ operators: { samples: [{ name: 'two', operator: take(2) }] } });
    assert.deepEqual([ending.seen.seen.length, ending.result.completed, ...ending.closed()], [2, true, [1], 1, 1]);
    const short = run({ operators: { ticks: [{ name: 'three', operator: take(3) }] } });
    assert.deepEqual([short.seen.seen.length, short.result.completed, ...short.closed()], [3, true, [1], 1, 1]);
  });

  it('are applied to the schedule of each instance when each has its own', () => {
    let applied = 0;
    const counting = {
      name: 'first',
      operator: <T>(source: Observable<T>): Observable<T> => {
        applied++;
        return source.pipe(take(1));
      },
    };
    const { gunFactory } = run({
      operators: { ticks: [counting] },
      pool: { rpsPerInstance: true, startup: of({ index: 0, at: 0 }, { index: 1, at: 0 }) },
    });
    assert.equal(applied, 2);
    assert.deepEqual(
      gunFactory.shots.map(({ instance }) => instance),
      [0, 1],
    );
  });

  const failing = <T>(source: Observable<T>): Observable<T> =>
    source.pipe(
      map(() => {
        throw new Error('boom');
      }),
    );
  const FAULTS: readonly (readonly [sentence: string, operators: PoolOperators, message: RegExp])[] = [
    ['throws while it is pushed', { ticks: [{ name: 'a', operator: failing }] }, /operator "a" of ticks failed: boom/],
    [
      'throws while it is pulled',
      {
        shots: [
          {
            name: './b.ts',
            operator: mapPulled<Shot<unknown>>(() => {
              throw new Error('boom');
            }),
          },
        ],
      },
      /operator "\.\/b\.ts" of shots failed: boom/,
    ],
    ['throws over samples', { samples: [{ name: 'c', operator: failing }] }, /operator "c" of samples failed: boom/],
    [
      'throws when it is applied',
      {
        ticks: [
          {
            name: 'd',
            operator: () => {
              throw new Error('boom');
            },
          },
        ],
      },
      /operator "d" of ticks failed: boom/,
    ],
    [
      'returns no stream',
      { samples: [{ name: 'e', operator: () => undefined as unknown as Observable<never> }] },
      /operator "e" of samples returned no Observable/,
    ],
    [
      'is the first of two to fail',
      {
        samples: [
          { name: 'f', operator: failing },
          { name: 'g', operator: (source) => source },
        ],
      },
      /operator "f" of samples failed: boom/,
    ],
  ];
  for (const [sentence, operators, message] of FAULTS) {
    it(`an operator that ${sentence} ends the pool with its name, after everything is flushed and closed`, () => {
      const { result, seen, gunFactory } = run({ operators });
      assert.match(String(result.error), message);
      assert.ok(isElpisError(result.error, 'ELPIS_OPERATOR'));
      assert.equal(result.error.component?.kind, 'operator');
      assert.equal(seen.flushed, 1);
      assert.equal(gunFactory.closed, 1);
      assert.deepEqual(gunFactory.closes, gunFactory.made === 0 ? [] : [1]);
    });
  }

  it('an error of another part does not name them, and can be handled by them', () => {
    const gun = {
      onShoot: () => {
        throw new Error('gun jammed');
      },
    };
    const unrelated = { name: 'innocent', operator: tap<NetSample>() };
    const { result } = run({ operators: { samples: [unrelated] }, gun });
    assert.match(String(result.error), /gun jammed/);
    assert.doesNotMatch(String(result.error), /innocent/);
    const recovering = { name: 'rescue', operator: catchError<NetSample, Observable<NetSample>>(() => of()) };
    const recovered = run({ operators: { samples: [recovering] }, gun }).result;
    assert.deepEqual([recovered.completed, recovered.error], [true, undefined]);
    const other = {
      name: 'other',
      operator: catchError<NetSample, Observable<NetSample>>(() => throwError(() => new Error('worse'))),
    };
    assert.match(
      String(run({ operators: { samples: [other] }, gun }).result.error),
      /operator "other" of samples failed: worse/,
    );
  });

  it('keep an unlimited schedule as it is when they are pulled; pushing it is refused before a shot', () => {
    const rps = unlimitedPlan({ duration: 1e9 });
    const gun = { latencyMs: 300 };
    const pulled = run({ rps, gun, operators: { ticks: [{ name: 'a', operator: mapPulled((tick) => tick) }] } });
    assert.deepEqual(
      pulled.gunFactory.shots.map(({ started }) => started),
      [0, 300, 600, 900],
    );
    for (const point of ['ticks', 'shots'] as const) {
      const pushing = [
        { name: './push.ts', operator: <T>(source: Observable<T>): Observable<T> => source.pipe(filter(() => true)) },
      ];
      const { result, gunFactory } = run({ rps, gun, operators: { ...noMore, [point]: pushing } });
      assert.match(
        String(result.error),
        new RegExp(`operator "./push.ts" of ${point} cannot be used with an unlimited`),
      );
      assert.deepEqual([gunFactory.shots.length, gunFactory.closed], [0, 1]);
    }
  });

  it('of plans stay schedules one after another, with a plan for the next', () => {
    const rps = constPlan({ ops: 10, duration: 1e9 });
    const moments = (operators: PoolOperators): readonly number[] =>
      run({ rps, operators }).gunFactory.shots.map(({ intended }) => intended);
    const jittered = moments({ ticks: [{ name: 'a', operator: jitter(40, { seed: 3 }) }] });
    assert.deepEqual(
      moments({
        ticks: [
          { name: 'shift', operator: shiftBy(1000) },
          { name: 'jitter', operator: jitter(40, { seed: 3 }) },
          { name: 'later', operator: mapPulled((tick) => ({ ...tick, at: tick.at + 1 })) },
        ],
      }).length,
      10,
    );
    assert.ok(jittered.some((moment, i) => moment !== i * 100) && jittered.length === 10);
  });

  it('work under control: operators of plans, pulled and pushed ones can be paused and resumed without a loss', () => {
    const pause: Setup['control'] = (clock) =>
      concat(timer(600, clock).pipe(map(() => command.pause())), timer(1000, clock).pipe(map(() => command.resume())));
    const rps = constPlan({ ops: 2, duration: 2e9 });
    const rows: readonly PoolOperators[] = [
      {},
      { ticks: [{ name: 'plan', operator: shiftBy(0) }] },
      { ticks: [{ name: 'pulled', operator: mapPulled((tick) => ({ ...tick })) }] },
      { ticks: [{ name: 'pushed', operator: map((tick) => ({ ...tick })) }] },
      {
        ticks: [
          { name: 'plan', operator: shiftBy(0) },
          { name: 'pushed', operator: map((tick) => ({ ...tick })) },
          { name: 'pushed too', operator: map((tick) => ({ ...tick })) },
        ],
      },
      { shots: [{ name: 'pushed', operator: map((shot) => ({ ...shot })) }] },
    ];
    for (const operators of rows) {
      const { gunFactory, result } = run({ rps, operators, control: pause });
      assert.deepEqual(
        gunFactory.shots.map(({ intended, started }) => [intended, started]),
        [0, 500, 2000, 2500].map((moment) => [moment, moment]),
        JSON.stringify(operators),
      );
      assert.equal(result.completed, true);
    }
  });

  it('work on a drain: due operations that wait behind them are recorded as unfinished', () => {
    const outcomes: (readonly [number, string])[] = [];
    const { result } = run({
      operators: {
        shots: [{ name: 'pushed', operator: map((shot) => shot) }],
        samples: [{ name: 'look', operator: tap(({ index, outcome }) => outcomes.push([index, outcome])) }],
      },
      gun: { latencyMs: 5000 },
      drain: (clock) => timer(1200, clock).pipe(map(() => 0)),
    });
    assert.equal(result.completed, true);
    assert.deepEqual(outcomes, [
      [1, 'unfinished'],
      [2, 'unfinished'],
      [0, 'unfinished'],
    ]);
  });
});
