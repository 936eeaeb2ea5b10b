import type { Observable } from 'rxjs';
import { ticks } from '../../operators/ticks.js';
import { summary } from '../aggregators/summary/summary.js';
import type { PlannedLoad } from '../aggregators/summary/summarySnapshot.js';
import type { Armoury } from '../core/armoury.js';
import type { Deps } from '../core/deps.js';
import type { Plan } from '../core/plan.js';
import type { Tick } from '../core/tick.js';
import { preciseScheduler } from '../coreutil/preciseScheduler.js';
import { realTimeScheduler } from '../coreutil/realTimeScheduler.js';
import type { NamedAggregator, Pool } from '../engine/pool.js';
import type { Chosen } from '../plugin/chosen.js';
import { isPlan } from '../plugin/isPlan.js';
import type { NetSample } from '../protocols/netSample.js';
import type { PoolConfig } from './poolConfig.js';

function scheduleOf(
  chosen: Chosen<'schedule'>,
  deps: Deps,
): { readonly make: () => Observable<Tick>; readonly plan?: Plan } {
  const made = chosen.create(deps);
  const options = { share: deps.share, scheduler: deps.scheduler };
  return isPlan(made) ? { make: () => ticks(made, options), plan: made } : { make: () => made };
}

/** What a pool plans to shoot, as far as its schedules tell. */
function plannedLoad(plan: Plan | undefined, instances: Plan | undefined, perInstance: boolean): PlannedLoad | null {
  if (plan === undefined) return null;
  const copies = perInstance ? (instances?.count ?? Number.POSITIVE_INFINITY) : 1;
  const count = plan.count * copies;
  const startsUntilNs = perInstance ? (instances?.durationNs ?? 0) : 0;
  return { count: Number.isFinite(count) ? count : null, durationMs: (plan.durationNs + startsUntilNs) / 1e6 };
}

/**
 * Makes the parts of every pool. No file is opened and nothing is resolved yet: that happens when the pools are run. Each
 * pool gets a summary beside its configured results.
 *
 * @throws ElpisError from a component's constructor.
 */
export function assemblePools(pools: readonly PoolConfig[], deps: Deps): readonly Pool[] {
  return pools.map((pool) => {
    const rps = scheduleOf(pool.rps, deps);
    // Instances are not shared out by stripe: every share starts its own, by the same schedule.
    const startup = scheduleOf(pool.startup, { ...deps, share: { index: 0, of: 1 } });
    const planned = plannedLoad(rps.plan, startup.plan, pool.rpsPerInstance);
    const results = pool.result.map(
      (result): NamedAggregator => ({
        name: result.name,
        aggregator: result.create(deps) as NamedAggregator['aggregator'],
      }),
    );
    const totals = summary({ pool: pool.id, planned, log: deps.log, scheduler: deps.scheduler });
    return {
      id: pool.id,
      rps: rps.make,
      startup: startup.make(),
      provider: pool.ammo.create(deps),
      armoury: pool.gun.create(deps) as Armoury<unknown, NetSample>,
      aggregators: [...results, { name: 'summary', aggregator: totals }],
      rpsPerInstance: pool.rpsPerInstance,
      discardOverflow: pool.discardOverflow,
      // In virtual time every wait is exact already.
      ...(pool.pacing === 'precise' && deps.scheduler === realTimeScheduler ? { pacer: preciseScheduler } : {}),
      ...(rps.plan === undefined ? {} : { plan: rps.plan }),
    };
  });
}
