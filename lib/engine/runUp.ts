import {
  catchError,
  concat,
  defer,
  EMPTY,
  from,
  ignoreElements,
  map,
  mergeMap,
  type Observable,
  type SchedulerLike,
  timer,
} from 'rxjs';
import { ticks } from '../../operators/ticks/ticks.js';
import type { Plan } from '../core/plan.js';
import type { Millis } from '../core/units.js';
import { timesPlan } from '../plans/timesPlan.js';
import { IterableCursor } from '../pull/iterables.js';
import { Pullable } from '../pull/pullable.js';
import type { Pool } from './pool.js';
import { runPool } from './runPool.js';

/** How many shots are played; with more, the 99th percentile of the first second did not become better. */
export const RUN_UP_SHOTS = 1000;
const SHOT_EVERY_NS = 25_000;
const MAX_INSTANCES = 64;
/** After the shots V8 compiles on other threads, which would delay the first shots where they share a core with this one. */
const SETTLE_MS: Millis = 15;
/** The run-up of a slow machine is drained at this time, and its shots under way are aborted. */
const LIMIT_MS: Millis = 250;

function* repeated<T>(value: T): Generator<T> {
  for (;;) yield value;
}

const evenly = (count: number, everyNs: number): Plan =>
  timesPlan(
    Array.from({ length: count }, (_, index) => index * everyNs),
    count * everyNs,
  );

/** A pool that shoots the practice ammo of another with its practice guns. */
function practicePool(pool: Pool, scheduler: SchedulerLike): Pool | undefined {
  const practice = pool.gunFactory.practice?.();
  if (practice === undefined) return undefined;
  const count = Math.min(MAX_INSTANCES, pool.instances?.count ?? MAX_INSTANCES);
  return {
    id: pool.id,
    rps: () => ticks(evenly(RUN_UP_SHOTS, SHOT_EVERY_NS), { scheduler }),
    startup: ticks(evenly(count, 0), { scheduler }),
    provider: new Pullable(() => new IterableCursor(repeated(practice.ammo))),
    gunFactory: practice.gunFactory,
    aggregators: [{ name: 'run-up', aggregator: ignoreElements() }],
    rpsPerInstance: false,
    pacer: pool.pacer ?? scheduler,
  };
}

/**
 * Plays the run-up of pools: {@link RUN_UP_SHOTS} shots of each kind of gun through the real operators, with guns and ammo from
 * `GunFactory.practice`, so that V8 has compiled the way of a shot before the first one. It emits nothing and never
 * fails: its samples, windows, counters and errors are dropped, and the run has its own guns, ammo and random numbers.
 *
 * @param pools Those without `runUp` are left out, and so are those whose guns have no practice.
 */
export function runUp(pools: readonly Pool[], scheduler: SchedulerLike): Observable<never> {
  const kinds = new Map(pools.filter(({ runUp: wanted }) => wanted === true).map((pool) => [pool.gun, pool]));
  return from([...kinds.values()]).pipe(
    mergeMap((pool) =>
      defer(() => {
        const practice = practicePool(pool, scheduler);
        if (practice === undefined) return EMPTY;
        const shots = runPool(practice, { scheduler, drain: timer(LIMIT_MS, scheduler).pipe(map(() => 0)) });
        return concat(shots, timer(SETTLE_MS, scheduler));
      }).pipe(
        ignoreElements(),
        catchError(() => EMPTY),
      ),
    ),
  );
}
