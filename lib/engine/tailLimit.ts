import { defer, EMPTY, expand, filter, map, NEVER, type Observable, type SchedulerLike, take, timer } from 'rxjs';
import type { FiringMeter } from '../../operators/firing/meter.js';
import type { EpochMs, Millis } from '../core/units.js';
import type { Pool } from './pool.js';

/** Long enough for slow sources, and short enough for a user to wait. */
export const DEFAULT_TAIL_MS: Millis = 30_000;

/**
 * From the start of the first schedule to the end of the last, in nanoseconds; undefined when it is unknown or there is
 * no end.
 */
function untilPlanEnds({ plan, instances, rpsPerInstance }: Pool): number | undefined {
  if (plan === undefined) return undefined;
  // Every instance plays its own copy from its own start.
  const starts = rpsPerInstance ? instances?.durationNs : 0;
  if (starts === undefined) return undefined;
  const first = rpsPerInstance && instances !== undefined && instances.count > 0 ? instances.atNs(0) : 0;
  const all = plan.durationNs + starts - first;
  return Number.isFinite(all) ? all : undefined;
}

/**
 * Emits once, when a pool has been idle for its tail limit after the end of its plan and no shot is under way; without
 * a limit it waits for ammo forever. It does not end shots that are under way or wait for an instance. It does not emit
 * when the end of the plan is unknown: for a schedule without a plan, and with a schedule per instance for instances
 * whose starts have no plan.
 *
 * @param startAt When the plan starts; with a schedule per instance, that of the first instance.
 * @returns The limit, once.
 */
export function tailLimit(
  pool: Pool,
  startAt: EpochMs,
  { meter, scheduler }: { readonly meter: FiringMeter; readonly scheduler: SchedulerLike },
): Observable<Millis> {
  const { tailMs = DEFAULT_TAIL_MS } = pool;
  const lengthNs = untilPlanEnds(pool);
  if (lengthNs === undefined || !Number.isFinite(tailMs)) return NEVER;
  return defer(() => {
    const untilEnd = Math.max(0, startAt + lengthNs / 1e6 - scheduler.now());
    const seen = (): number => meter.requests + meter.responses + meter.discarded;
    let before = Number.NaN;
    const look = (): number => {
      const now = meter.inFlight > 0 ? Number.NaN : seen();
      const idle = now === before;
      before = now;
      return idle ? 1 : 0;
    };
    return timer(untilEnd, scheduler).pipe(
      map(look),
      expand((idle) => (idle === 1 ? EMPTY : timer(tailMs, scheduler).pipe(map(look)))),
      filter((idle) => idle === 1),
      take(1),
      map(() => tailMs),
    );
  });
}
