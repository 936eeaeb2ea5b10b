import { NEVER, type Observable } from 'rxjs';
import { defined } from '../../../lib/core/defined.js';
import type { Plan } from '../../../lib/core/plan.js';
import type { NamedAggregator, Pool } from '../../../lib/engine/pool.js';
import type { PoolEvent } from '../../../lib/engine/runEvent.js';
import type { RunOptions } from '../../../lib/engine/runOptions.js';
import { runPools } from '../../../lib/engine/runPools.js';
import type { NetSample } from '../../../lib/protocols/netSample.js';
import { IterableCursor } from '../../../lib/pull/iterables.js';
import { Pullable } from '../../../lib/pull/pullable.js';
import { oncePlan } from '../../../lib/schedules/once.js';
import {
  FakeAggregator,
  FakeGunFactory,
  type FakeGunFactoryOptions,
  VirtualClock,
} from '../../../lib/testing/index.js';
import { ticks } from '../../../operators/ticks/ticks.js';

export const SECOND = 1e9;
export const numbers = (count = Number.POSITIVE_INFINITY): Observable<unknown> =>
  new Pullable(() => {
    function* range() {
      for (let i = 1; i <= count; i++) yield { id: i, tag: '' };
    }
    return new IterableCursor(range());
  });

export interface Seen {
  readonly index: number;
  readonly outcome: string;
  readonly instance: number;
  readonly intended: number;
  readonly started: number;
  readonly slotWait: number;
  readonly ended: number;
}

export interface Setup {
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

export function run({
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
