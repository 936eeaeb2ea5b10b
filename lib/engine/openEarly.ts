import {
  catchError,
  defer,
  EMPTY,
  from,
  ignoreElements,
  type Observable,
  type SchedulerLike,
  takeUntil,
  timer,
} from 'rxjs';
import { countInShare, WHOLE } from '../core/deps.js';
import { type Plan, planLeaves } from '../core/plan.js';
import type { Millis, Nanos } from '../core/units.js';
import type { Pool } from './pool.js';

/** The shots of this time from the start have open connections. */
const WITHIN_NS: Nanos = 1e9;
/** The most connections of a pool that are opened early in one process: as many as open at once. */
export const MOST_EARLY = 256;
/** How long the start waits for connections. */
const LIMIT_MS: Millis = 1000;

function countWithin(plan: Plan, most: number): number {
  const end = Math.min(plan.count, most);
  let count = 0;
  while (count < end && plan.atNs(count) < WITHIN_NS) count++;
  return count;
}

/**
 * The number of guns of this share that shoot in the first second of the plan. It is 0 for a closed loop, which has no moments to keep,
 * and where plans are not known.
 */
function gunsAtStart({ instances, plan, rpsPerInstance, share = WHOLE }: Pool): number {
  if (instances === undefined || plan === undefined || planLeaves(plan)[0]?.unlimited === true) return 0;
  const most = MOST_EARLY * share.of;
  const [started, shots] = [countWithin(instances, most), countWithin(plan, most)];
  const used = rpsPerInstance && shots > 0 ? started : Math.min(started, shots);
  return countInShare(share, used);
}

/**
 * Opens the connections of the guns that shoot first, see `GunFactory.openEarly`, so that the first second of a run opens none. It
 * emits nothing, never fails, and ends after a second at the latest. Nothing is opened without `Pool.openEarly`.
 */
export function openEarly(pool: Pool, scheduler: SchedulerLike): Observable<never> {
  return defer(() => {
    const guns = pool.openEarly === true ? gunsAtStart(pool) : 0;
    return guns === 0 ? EMPTY : from(pool.gunFactory.openEarly?.(guns) ?? EMPTY);
  }).pipe(
    ignoreElements(),
    takeUntil(timer(LIMIT_MS, scheduler)),
    catchError(() => EMPTY),
  );
}
