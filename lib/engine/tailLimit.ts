import { defer, EMPTY, expand, filter, map, NEVER, type Observable, type SchedulerLike, take, timer } from 'rxjs';
import type { FiringMeter } from '../../operators/firing/meter.js';
import type { EpochMs, Millis } from '../core/units.js';
import type { Pool } from './pool.js';

/** Long enough for slow sources, and short enough for a user to wait. */
const DEFAULT_TAIL_MS: Millis = 30_000;

/**
 * Emits once, when a pool has been idle for its tail limit after the end of its plan and no shot is under way: it
 * would wait for ammo forever. It does not end shots that are under way or wait for an instance. It does not emit
 * when the plan has no end.
 *
 * @param startAt When the plan starts.
 */
export function tailLimit(
  { plan, rpsPerInstance, tailMs = DEFAULT_TAIL_MS }: Pool,
  startAt: EpochMs,
  { meter, scheduler }: { readonly meter: FiringMeter; readonly scheduler: SchedulerLike },
): Observable<Millis> {
  if (plan === undefined || rpsPerInstance || !Number.isFinite(plan.durationNs) || !Number.isFinite(tailMs))
    return NEVER;
  return defer(() => {
    const untilEnd = Math.max(0, startAt + plan.durationNs / 1e6 - scheduler.now());
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
      map(() => 0),
    );
  });
}
