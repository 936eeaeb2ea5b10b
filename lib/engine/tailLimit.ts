import { defer, EMPTY, expand, filter, map, NEVER, type Observable, type SchedulerLike, take, timer } from 'rxjs';
import type { FiringMeter } from '../../operators/firing/meter.js';
import type { EpochMs, Millis } from '../core/units.js';
import type { Pool } from './pool.js';

/** Long enough for a source that reads ahead slowly, and short enough to wait for. */
const DEFAULT_TAIL_MS: Millis = 30_000;

/**
 * Emits once, when a pool has done nothing for its tail limit after the end of its plan and no shot is under way: there is no ammo, and it
 * would wait forever. Shots under way, and those that wait for an instance, are never ended by it. Never emits without a plan that ends.
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
