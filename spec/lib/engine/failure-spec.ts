import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { concat, EMPTY, finalize, ignoreElements, map, NEVER, type Observable, of, throwError, timer } from 'rxjs';
import { writePhout } from '../../../lib/aggregators/phout.js';
import { summary } from '../../../lib/aggregators/summary.js';
import { type ElpisError, isElpisError } from '../../../lib/core/errors.js';
import type { GunFactory } from '../../../lib/core/gun.js';
import { sinkOfFile } from '../../../lib/data/file.js';
import type { NamedAggregator, Pool } from '../../../lib/engine/pool.js';
import type { PoolEvent } from '../../../lib/engine/runEvent.js';
import { runPools } from '../../../lib/engine/runPools.js';
import { isSummarySnapshot } from '../../../lib/measure/summary.js';
import type { NetSample } from '../../../lib/protocols/netSample.js';
import { IterableCursor } from '../../../lib/pull/iterables.js';
import { Pullable } from '../../../lib/pull/pullable.js';
import { constPlan } from '../../../lib/schedules/const.js';
import { oncePlan } from '../../../lib/schedules/once.js';
import { FakeAggregator, FakeGunFactory, FakeLog, VirtualClock } from '../../../lib/testing/index.js';
import { ticks } from '../../../operators/ticks/ticks.js';

const after = (ms: number, clock: VirtualClock): Observable<never> => timer(ms, clock).pipe(ignoreElements());
const numbers = new Pullable<unknown>(() => {
  function* range() {
    for (let id = 1; ; id++) yield { id, tag: '' };
  }
  return new IterableCursor(range());
});

interface Setup {
  readonly pool?: (clock: VirtualClock) => Partial<Pool>;
  readonly gunFactory?: (clock: VirtualClock) => GunFactory<unknown, NetSample>;
  readonly aggregators?: (clock: VirtualClock) => readonly NamedAggregator[];
}

/** Eight shots at once, each 100 ms long, and what came of them. */
async function run({ pool, gunFactory, aggregators }: Setup) {
  const clock = new VirtualClock(1000);
  const guns = new FakeGunFactory({ scheduler: clock, latencyMs: 100 });
  const seen = new FakeAggregator<NetSample, string>(
    ({ outcome, ended, intended }) => `${outcome} ${ended - intended}`,
  );
  const log = new FakeLog();
  const events: PoolEvent[] = [];
  let error: ElpisError | undefined;
  const ended = new Promise<void>((resolve) => {
    runPools(
      [
        {
          id: 'p',
          gun: 'mine',
          rps: () => ticks(oncePlan({ times: 8 })),
          startup: ticks(oncePlan({ times: 8 }), { scheduler: clock }),
          provider: numbers,
          gunFactory: gunFactory?.(clock) ?? guns,
          aggregators: [{ name: 'seen', aggregator: seen.aggregator }, ...(aggregators?.(clock) ?? [])],
          rpsPerInstance: false,
          ...pool?.(clock),
        },
      ],
      { scheduler: clock, log },
    )
      .pipe(finalize(resolve))
      .subscribe({
        next: (event) => events.push(event),
        error: (failure: ElpisError) => {
          error = failure;
        },
      });
  });
  clock.run(50_000);
  await ended;
  const last = events.at(-1);
  const progress = last !== undefined && 'progress' in last ? last.progress : undefined;
  return { guns, seen, log, events, error, progress, cause: error?.cause };
}

/** The guns of a pool in which instance 3 fails after 10 ms. */
const oneFails = (clock: VirtualClock): GunFactory<unknown, NetSample> => {
  const good = new FakeGunFactory({ scheduler: clock, latencyMs: 100 });
  return {
    create: (context) => {
      const gun = good.create(context);
      if (context.instance !== 3) return gun;
      return {
        shoot: () =>
          concat(
            after(10, clock),
            throwError(() => new Error('broken')),
          ),
      };
    },
  };
};
/** Those under way, and the one that failed. */
const eight = Array<string>(8).fill('unfinished 10');

describe('a run that fails while shots are under way', () => {
  it('flushes them to summary and phout, sends the final reports and counters, and then errors', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'elpis-failure-'));
    const file = join(folder, 'phout.log');
    const { events, error, progress, seen } = await run({
      gunFactory: oneFails,
      aggregators: () => [
        { name: 'phout', aggregator: writePhout({ sink: sinkOfFile(file), scheduler: new VirtualClock() }) },
        {
          name: 'summary',
          aggregator: summary({ pool: 'p', planned: null, log: new FakeLog(), scheduler: new VirtualClock() }),
        },
      ],
    });
    const rows = readFileSync(file, 'utf8').trim().split('\n');
    rmSync(folder, { recursive: true });
    assert.match(String(error), /pool "p".*broken/);
    assert.deepEqual([seen.seen, seen.flushed, rows.length], [eight, 1, 8]);
    assert.ok(rows.every((row) => row.split('\t')[1] === 'unfinished' && row.split('\t')[2] === '10000'));
    const finals = events.flatMap((event) => (event.type === 'report' && event.report.final ? [event.report] : []));
    assert.deepEqual(
      finals.map(({ received }) => received),
      [8, 8, 8],
    );
    const totals = finals.map(({ detail }) => detail).find(isSummarySnapshot)?.total;
    assert.equal(totals?.unfinished, 8);
    assert.deepEqual(events.at(-1)?.type, 'progress');
    assert.deepEqual([progress?.requests, progress?.inFlight, progress?.unfinished, progress?.instances], [8, 0, 8, 0]);
  });

  const TABLE: readonly [what: string, setup: Setup, message: RegExp, records: readonly string[]][] = [
    [
      'a gun with a schedule of its own per instance errors',
      { gunFactory: oneFails, pool: () => ({ rpsPerInstance: true, rps: () => ticks(oncePlan({ times: 1 })) }) },
      /broken/,
      eight,
    ],
    [
      'the startup schedule errors',
      {
        pool: (clock) => ({
          startup: concat(
            of(0, 1).pipe(map((index) => ({ index, at: 1000 }))),
            after(10, clock),
            throwError(() => new Error('broken')),
          ),
        }),
      },
      /broken/,
      Array<string>(8).fill('unfinished 10'),
    ],
    [
      'the schedule errors',
      {
        pool: (clock) => ({
          rps: () =>
            concat(
              of({ index: 0, at: 1000 }),
              after(10, clock),
              throwError(() => new Error('broken')),
            ),
        }),
      },
      /broken/,
      ['unfinished 10'],
    ],
    [
      'an aggregator errors',
      { aggregators: () => [{ name: 'bad', aggregator: () => throwError(() => new Error('disk full')) }] },
      /aggregator "bad" failed: disk full/,
      [],
    ],
    [
      'an aggregator throws when it is called',
      {
        aggregators: () => [
          {
            name: 'bad',
            aggregator: () => {
              throw new Error('disk full');
            },
          },
        ],
      },
      /aggregator "bad" failed: disk full/,
      [],
    ],
    [
      'an aggregator errors later',
      {
        aggregators: (clock) => [
          {
            name: 'late',
            aggregator: () =>
              concat(
                after(10, clock),
                throwError(() => new Error('disk full')),
              ),
          },
        ],
      },
      /aggregator "late" failed: disk full/,
      Array<string>(8).fill('unfinished 10'),
    ],
  ];
  for (const [what, setup, message, records] of TABLE) {
    it(`${what}: the others are recorded first`, async () => {
      const { error, seen, progress } = await run(setup);
      assert.match(String(error), message);
      assert.deepEqual([seen.seen, seen.flushed], [records, 1]);
      assert.deepEqual([progress?.inFlight, progress?.unfinished], [0, records.length]);
    });
  }
});

describe('a run in which something cannot be closed', () => {
  const guns = (clock: VirtualClock, close: GunFactory<unknown, NetSample>['close'], stuck = true) => {
    const closes: number[] = [];
    const good = new FakeGunFactory({ scheduler: clock, latencyMs: 100 });
    const gunFactory: GunFactory<unknown, NetSample> = {
      create: (context) => ({
        ...good.create(context),
        close: () => {
          closes.push(context.instance);
          if (stuck && context.instance === 0) throw new Error('stuck');
        },
      }),
      close: () => {
        closes.push(-1);
        return close?.();
      },
    };
    return { closes, gunFactory };
  };

  for (const [what, close] of [
    ['rejects', () => Promise.reject(new Error('no farewell'))],
    [
      'throws',
      () => {
        throw new Error('no farewell');
      },
    ],
  ] as const) {
    it(`closes every gun and the factory once, and ends with both errors when the factory ${what}`, async () => {
      let made: ReturnType<typeof guns> | undefined;
      const { error, cause, seen } = await run({
        gunFactory: (clock) => {
          made = guns(clock, close);
          return made.gunFactory;
        },
      });
      assert.match(
        String(error),
        /gun "mine" of instance 0 cannot be closed: stuck; also: the gun cannot be closed: no farewell/,
      );
      assert.equal((cause as AggregateError).errors.length, 2);
      assert.deepEqual(made?.closes, [0, 1, 2, 3, 4, 5, 6, 7, -1]);
      assert.deepEqual([seen.seen.length, seen.flushed], [8, 1]);
    });
  }

  it('adds what the factory rejects with to the error of the run, and that of an aggregator', async () => {
    const { error } = await run({
      gunFactory: (clock) => ({ ...oneFails(clock), close: () => Promise.reject(new Error('no farewell')) }),
      aggregators: () => [
        { name: 'slow', aggregator: new FakeAggregator<NetSample>((s) => s, { dropped: 7 }).aggregator },
      ],
    });
    assert.match(String(error), /7 samples were dropped; also: the gun failed: broken; also: .*no farewell/);
  });

  it('lets the other aggregators flush when one has dropped samples', async () => {
    const slow = new FakeAggregator<NetSample>((s) => s, { dropped: 7 });
    let flushed = false;
    const later = (samples: Observable<NetSample>) =>
      concat(
        samples.pipe(ignoreElements()),
        Promise.resolve().then(() => {
          flushed = true;
          return { from: 'later', received: 0, dropped: 0, final: true };
        }),
      );
    const { error, events } = await run({
      aggregators: () => [
        { name: 'slow', aggregator: slow.aggregator },
        { name: 'later', aggregator: later },
      ],
    });
    assert.deepEqual([isElpisError(error, 'ELPIS_SAMPLES_DROPPED'), flushed], [true, true]);
    assert.ok(events.some((event) => event.type === 'report' && event.report.from === 'later'));
  });

  it('names every pool that failed', async () => {
    const clock = new VirtualClock();
    let error: unknown;
    const pool = (id: string): Pool => ({
      id,
      rps: () => ticks(constPlan({ ops: 1, duration: 1e9 })),
      startup: ticks(oncePlan({ times: 1 }), { scheduler: clock }),
      provider: numbers,
      gunFactory: { create: () => ({ shoot: () => EMPTY }), close: () => throwError(() => new Error(`${id} stuck`)) },
      aggregators: [],
      rpsPerInstance: false,
    });
    runPools([pool('a'), pool('b')], { scheduler: clock }).subscribe({
      error: (failure: unknown) => {
        error = failure;
      },
    });
    clock.run();
    assert.ok(isElpisError(error));
    assert.match(error.message, /pool "a".*a stuck$/);
    assert.match(error.also?.[0]?.message ?? '', /pool "b".*b stuck$/);
  });
});

describe('a run whose guns keep quiet', () => {
  it('counts shots without a sample, and warns once, with the gun and the pool', async () => {
    const { progress, log, error } = await run({ gunFactory: () => ({ create: () => ({ shoot: () => EMPTY }) }) });
    assert.deepEqual([error, progress?.requests, progress?.emptyShots], [undefined, 8, 8]);
    assert.deepEqual(log.lines, [
      { level: 'warn', message: '8 shots completed without a sample: gun "mine"', fields: { pool: 'p' } },
    ]);
  });

  for (const rpsPerInstance of [false, true]) {
    it(`warns of guns that never complete, at most ten times, ${rpsPerInstance ? 'schedules of their own' : 'one schedule'}`, () => {
      const clock = new VirtualClock();
      const log = new FakeLog();
      runPools(
        [
          {
            id: 'p',
            gun: 'mine',
            rps: () => ticks(oncePlan({ times: 8 })),
            startup: ticks(oncePlan({ times: 8 }), { scheduler: clock }),
            provider: numbers,
            gunFactory: { create: () => ({ shoot: () => NEVER }) },
            aggregators: [],
            rpsPerInstance,
          },
        ],
        { scheduler: clock, log, progressEveryMs: 1e9 },
      ).subscribe();
      clock.run(100_000_000);
      assert.equal(log.lines.length, 10);
      assert.match(log.lines[0]?.message ?? '', /gun "mine" of instance 0 emitted no sample and did not complete/);
      assert.equal(log.lines[0]?.fields.pool, 'p');
    });
  }
});
