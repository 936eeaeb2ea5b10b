import type { Millis, PerSecond } from '../core/units.js';
import type { Pool } from '../engine/pool.js';
import type { PoolEvent } from '../engine/poolEvent.js';
import type { LoadCurve } from './loadCurve.js';
import { plannedRates } from './plannedRates.js';
import type { RehearsedPool } from './rehearsal.js';

/** The whole run, as far as one pool needs it. */
export interface RunFacts {
  readonly slotMs: Millis;
  readonly durationMs: Millis;
  readonly events: readonly PoolEvent[];
}

/** What is to be told about a pool when the run is over. */
export function rehearsedPool(pool: Pool, curve: LoadCurve, { slotMs, durationMs, events }: RunFacts): RehearsedPool {
  const planNs = pool.plan !== undefined && Number.isFinite(pool.plan.count) ? pool.plan.durationNs : 0;
  const slots = Math.max(1, Math.ceil(Math.max(durationMs, planNs / 1e6) / slotMs), curve.finishedIn.length);
  const perSecond = (counts: readonly number[]): PerSecond[] =>
    Array.from({ length: slots }, (_, slot) => ((counts[slot] ?? 0) * 1000) / slotMs);
  const last = events.findLast((event) => event.type === 'pool-finished' && event.pool === pool.id);
  return {
    pool: pool.id,
    rates: {
      slotMs,
      planned: plannedRates(pool, slotMs, slots),
      started: perSecond(curve.startedIn),
      finished: perSecond(curve.finishedIn),
    },
    instancesNeeded: curve.mostInFlight,
    instancesNeededAt: curve.mostInFlightAt,
    instancesStarted: last?.type === 'pool-finished' ? last.progress.instancesStarted : 0,
    ammoRanDryAt: curve.ammoRanDryAt,
    overflowFrom: curve.waitsFrom,
    discardsFrom: curve.discardsFrom,
  };
}
