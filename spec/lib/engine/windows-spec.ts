import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ignoreElements, map, NEVER, type Observable, of, tap, timer } from 'rxjs';
import { defined } from '../../../lib/core/defined.js';
import type { Plan } from '../../../lib/core/plan.js';
import type { Pool } from '../../../lib/engine/pool.js';
import type { PoolEvent } from '../../../lib/engine/runEvent.js';
import type { RunOptions } from '../../../lib/engine/runOptions.js';
import { runPool } from '../../../lib/engine/runPool.js';
import { plannedBefore } from '../../../lib/engine/windows.js';
import { ConnectionRecorder } from '../../../lib/measure/connectionRecorder.js';
import { mergeWindows, type Window } from '../../../lib/measure/window.js';
import { NetSample } from '../../../lib/protocols/netSample.js';
import { constPlan } from '../../../lib/schedules/const.js';
import { oncePlan } from '../../../lib/schedules/once.js';
import { unlimitedPlan } from '../../../lib/schedules/unlimited.js';
import { FakeLog, VirtualClock } from '../../../lib/testing/index.js';
import { errorRate } from '../../../operators/samples/errorRate.js';
import { stopWhen } from '../../../operators/samples/stopWhen.js';
import { command } from '../../../operators/ticks/command.js';
import { ticks } from '../../../operators/ticks/ticks.js';

const SECOND = 1e9;
const START = 1_000_000;

interface Setup extends Partial<Pool>, Omit<RunOptions, 'scheduler'> {
  readonly plan: Plan;
  readonly instances?: Plan;
  /** How long each shot takes. */
  readonly latencyMs?: number;
  readonly scheduler?: VirtualClock;
}

/** Runs a pool whose shots take `latencyMs`, in virtual time. */
function played({
  plan,
  instances = oncePlan({ times: 2 }),
  latencyMs = 300,
  control,
  log,
  scheduler = new VirtualClock(START),
  ...pool
}: Setup) {
  const events: PoolEvent[] = [];
  const { share = { index: 0, of: 1 } } = pool;
  const one: Pool = {
    id: 'p',
    rps: () => ticks(plan, { scheduler, share }),
    startup: ticks(instances, { scheduler }),
    provider: of(...Array.from({ length: 200 }, (_, i) => i)),
    gunFactory: {
      create: () => ({
        shoot: (_ammo, shot) =>
          timer(latencyMs, scheduler).pipe(map(() => NetSample.of(shot).end(scheduler.now(), 200))),
      }),
    },
    aggregators: [],
    rpsPerInstance: false,
    plan,
    instances,
    ...pool,
  };
  const options = { scheduler, ...defined({ log, control }) };
  let error: unknown;
  runPool(one, options).subscribe({
    next: (event) => events.push(event),
    error: (cause: unknown) => {
      error = cause;
    },
  });
  scheduler.run();
  const windows = events.flatMap((event) => (event.type === 'window' ? [event.window] : []));
  return { events, windows, error };
}

const spans = (windows: readonly Window[]): unknown => windows.map(({ from, to }) => [from - START, to - START]);
const loads = (windows: readonly Window[]): unknown =>
  windows.map(({ planned, started, total }) => [planned, started, total.ended]);

describe('the windows of a pool', () => {
  it('have the numbers of planned, started and ended operations, and add up to the whole', () => {
    const { windows } = played({ plan: constPlan({ ops: 4, duration: 2 * SECOND }) });
    assert.deepEqual(spans(windows), [
      [0, 1000],
      [1000, 2000],
      [2000, 2050],
    ]);
    // Due at 0, 250, 500 and so on; each takes 300 ms.
    assert.deepEqual(loads(windows), [
      [4, 4, 3],
      [4, 4, 4],
      [0, 0, 1],
    ]);
    const { planned, started, total } = windows.reduce(mergeWindows);
    assert.deepEqual([planned, started, total.ended, total.count], [8, 8, 8, 8]);
  });

  it('show planned operations that were not started, with too few instances', () => {
    const { windows } = played({ plan: constPlan({ ops: 4, duration: SECOND }), instances: oncePlan({ times: 1 }) });
    assert.deepEqual(loads(windows), [
      [4, 4, 3],
      [0, 0, 1],
    ]);
    const slow = played({
      plan: constPlan({ ops: 4, duration: SECOND }),
      instances: oncePlan({ times: 1 }),
      latencyMs: 700,
    });
    assert.deepEqual(loads(slow.windows), [
      [4, 2, 1],
      [0, 1, 1],
      [0, 1, 2],
    ]);
  });

  it('begin with the plan, and have the operations of a share only', () => {
    const plan = constPlan({ ops: 5, duration: SECOND });
    const shares = [0, 1].map((index) => played({ plan, share: { index, of: 2 } }).windows.reduce(mergeWindows));
    assert.deepEqual(
      shares.map(({ planned, total }) => [planned, total.ended]),
      [
        [3, 3],
        [2, 2],
      ],
    );
    assert.deepEqual(loads([shares.reduce(mergeWindows)]), [[5, 5, 5]]);
  });

  it('count an operation that is planned for the very end', () => {
    const { windows } = played({ plan: oncePlan({ times: 2 }), latencyMs: 0 });
    assert.deepEqual(loads(windows), [[2, 2, 2]]);
  });

  it('have no plan for a schedule without an end, or one that is steered', () => {
    const unlimited = played({ plan: unlimitedPlan({ duration: SECOND }) });
    assert.equal(unlimited.windows.reduce(mergeWindows).planned, null);
    const steered = played({ plan: constPlan({ ops: 4, duration: SECOND }), control: () => of(command.scaleBy(2)) });
    assert.equal(steered.windows.reduce(mergeWindows).planned, null);
    const own = plannedBefore({ ...({} as Pool), plan: oncePlan({ times: 1 }), rpsPerInstance: true }, 0);
    assert.equal(own(5), null);
  });

  it('count samples that the results do not receive', () => {
    const scheduler = new VirtualClock(START);
    const received: number[] = [];
    const { windows } = played({
      plan: constPlan({ ops: 4, duration: SECOND }),
      scheduler,
      aggregators: [
        {
          name: 'mine',
          aggregator: (samples) =>
            samples.pipe(
              tap(({ index }) => received.push(index)),
              ignoreElements(),
            ),
        },
      ],
      gunFactory: {
        create: () => ({ shoot: (_ammo, shot) => of(NetSample.of(shot).end(scheduler.now(), 200)) }),
        written: ({ index }) => index % 2 === 0,
      },
    });
    assert.equal(windows.reduce(mergeWindows).total.ended, 4);
    assert.deepEqual(received, [0, 2]);
  });

  it('have what the guns counted besides samples', () => {
    let retries = 0;
    const counting = (scheduler: VirtualClock, counters: () => ReadonlyMap<string, number>): Partial<Pool> => ({
      gunFactory: {
        create: () => ({
          shoot: (_ammo, shot) =>
            timer(300, scheduler).pipe(
              map(() => {
                retries++;
                return NetSample.of(shot).end(scheduler.now(), 200);
              }),
            ),
        }),
        counters,
      },
    });
    const plan = constPlan({ ops: 4, duration: 2 * SECOND });
    const scheduler = new VirtualClock(START);
    const { windows } = played({ plan, scheduler, ...counting(scheduler, () => new Map([['retries', retries]])) });
    assert.deepEqual(
      windows.map(({ counters }) => Object.fromEntries(counters)),
      [{ retries: 3 }, { retries: 4 }, { retries: 1 }],
    );
    const broken = new VirtualClock(START);
    const failed = played({
      plan,
      scheduler: broken,
      ...counting(broken, () => {
        throw new Error('boom');
      }),
    });
    assert.match(String(failed.error), /the counters of the gun cannot be read: boom/);
    assert.equal(failed.windows.length, 2, 'the run ends at the first window that cannot be read');
  });

  it('have the connections of the guns since the window before', () => {
    const scheduler = new VirtualClock(START);
    const connections = new ConnectionRecorder();
    const gunFactory: Pool['gunFactory'] = {
      create: () => {
        connections.opened({ connect: 2 });
        return {
          shoot: (_ammo, shot) =>
            timer(300, scheduler).pipe(
              map(() => {
                connections.reused();
                return NetSample.of(shot).end(scheduler.now(), 200);
              }),
            ),
        };
      },
    };
    const plan = constPlan({ ops: 4, duration: 2 * SECOND });
    const { windows } = played({ plan, scheduler, gunFactory, connections });
    assert.deepEqual(
      windows.map(({ connections: { opened, reused, phases } }) => [opened, reused, phases.connect.count]),
      [
        [2, 3, 2],
        [0, 4, 0],
        [0, 1, 0],
      ],
    );
  });

  it('are emitted before the error when the pool fails', () => {
    const scheduler = new VirtualClock(START);
    const seen: string[] = [];
    const pool: Pool = {
      id: 'p',
      rps: () => ticks(oncePlan({ times: 2 }), { scheduler }),
      startup: ticks(oncePlan({ times: 1 }), { scheduler }),
      provider: NEVER,
      gunFactory: { create: () => ({ shoot: () => NEVER }) },
      aggregators: [],
      rpsPerInstance: false,
      operators: {
        samples: [
          {
            name: 'broken',
            operator: () =>
              timer(1500, scheduler).pipe(
                map((): never => {
                  throw new Error('boom');
                }),
              ),
          },
        ],
      },
    };
    runPool(pool, { scheduler }).subscribe({
      next: ({ type }) => seen.push(type),
      error: () => seen.push('#'),
    });
    scheduler.run();
    assert.deepEqual(seen, ['pool-started', 'progress', 'window', 'window', 'progress', '#']);
  });
});

describe('a condition in a pool', () => {
  const plan = constPlan({ ops: 4, duration: 60 * SECOND });
  const samples = (operator: ReturnType<typeof stopWhen<NetSample>>): Partial<Pool> => ({
    operators: { samples: [{ name: 'stop', operator }] },
  });

  it('ends it, and its reason is an event', () => {
    const enough = stopWhen<NetSample>(({ total }) => total.ended >= 5 && 'enough was shot', { windows: 2 });
    const { events } = played({ plan, ...samples(enough) });
    const stop = events.find(({ type }) => type === 'pool-stopped');
    assert.deepEqual(stop, { type: 'pool-stopped', pool: 'p', at: START + 2000, reason: 'enough was shot' });
    assert.equal(events.at(-1)?.type, 'pool-finished');
  });

  it('records shots under way as unfinished when it holds, and passes them to the results', () => {
    const seen: string[] = [];
    const enough = stopWhen<NetSample>(({ total }) => total.ended >= 3 && 'enough');
    const aggregator = {
      name: 'seen',
      aggregator: (all: Observable<NetSample>) =>
        all.pipe(
          tap(({ outcome }) => seen.push(outcome)),
          ignoreElements(),
        ),
    };
    const { events } = played({ plan, latencyMs: 300, aggregators: [aggregator], ...samples(enough) });
    assert.deepEqual(seen, ['shot', 'shot', 'shot', 'unfinished']);
    const last = events.at(-1);
    assert.equal(last?.type === 'pool-finished' && last.progress.unfinished, 1);
  });

  it('with a tag that never appears causes a warning at the end', () => {
    const log = new FakeLog();
    const typo = stopWhen<NetSample>((window) => errorRate(window, 'crat') > 0.5 && 'cart is broken');
    played({ plan: constPlan({ ops: 4, duration: 3 * SECOND }), log, ...samples(typo) });
    assert.deepEqual(
      log.lines.map(({ level, message }) => [level, message]),
      [['warn', 'a condition names tags that no sample had: crat']],
    );
  });
});

describe('the planned operations of a pool that commands may control', () => {
  const plan = constPlan({ ops: 10, duration: 4 * SECOND });
  const planned = (commands: RunOptions['control']): readonly (number | null)[] =>
    played({ plan, instances: oncePlan({ times: 10 }), ...defined({ control: commands }) }).windows.map(
      (window) => window.planned,
    );

  it('are those of the plan while there is no command', () => {
    assert.deepEqual(
      planned(() => NEVER),
      planned(undefined),
    );
  });

  it('are not known from the first command on', () => {
    const scheduler = new VirtualClock(START);
    const control = () => timer(2500, scheduler).pipe(map(() => command.scaleBy(2)));
    const { windows } = played({ plan, instances: oncePlan({ times: 10 }), control, scheduler });
    assert.deepEqual(
      windows.map((window) => window.planned),
      [10, 10, null, null],
    );
  });
});
