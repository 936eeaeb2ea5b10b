import type { Endpoint } from '../codec/net.js';
import type { PoolConfig } from '../config/config.js';
import type { Plan } from '../core/plan.js';
import type { Nanos } from '../core/units.js';

const STEPS_PER_WINDOW = 20;
const MAX_STEPS = 10_000;

/**
 * The most operations that a plan has within any time of the given length; `Infinity` when only the target's speed
 * decides. Found by moving the window in small steps, so it may be too small by what such a step holds.
 */
export function busiest(plan: Plan, windowNs: Nanos): number {
  if (!Number.isFinite(plan.count) || windowNs >= plan.durationNs) return plan.count;
  const lastStart = plan.durationNs - windowNs;
  const steps = Math.min(MAX_STEPS, Math.ceil((lastStart / windowNs) * STEPS_PER_WINDOW));
  let most = 0;
  for (let step = 0; step <= steps; step++) {
    const start = (lastStart * step) / steps;
    const end = step === steps ? plan.count : plan.countAt(start + windowNs);
    most = Math.max(most, end - plan.countAt(start));
  }
  return most;
}

/** The plans behind a pool's schedules, when they have any. */
export interface PoolPlans {
  readonly instances?: Plan | undefined;
  readonly plan?: Plan | undefined;
}

/** The connections of a pool. */
export interface PoolConnections {
  readonly pool: string;
  readonly target: Endpoint;
  /** The most instances. */
  readonly instances: number;
  /** The most connections that may be open at once: one per instance, and not more than there are shots. */
  readonly most: number;
  /** The number of kept connections while the target responds. */
  readonly kept: number;
  /** The plan of connections opened and closed, when each shot has its own, and by how many instances it is followed. */
  readonly perShot: { readonly plan: Plan | undefined; readonly copies: number } | undefined;
}

/** Counts the connections of a pool; undefined when its gun does not say which it opens, or the number of its instances is not known. */
export function poolConnections(
  { id, gun, rpsPerInstance, overflow }: Pick<PoolConfig, 'id' | 'gun' | 'rpsPerInstance' | 'overflow'>,
  { instances: startup, plan }: PoolPlans,
): PoolConnections | undefined {
  const { connections } = gun.traits;
  if (connections === undefined || startup === undefined || !Number.isFinite(startup.count)) return undefined;
  const { target, keepAlive, idleMs, shared } = connections;
  const instances = overflow.policy === 'grow' ? Math.max(startup.count, overflow.maxInstances) : startup.count;
  const common = plan === undefined || rpsPerInstance ? undefined : plan;
  const most = Math.min(instances, common?.count ?? instances);
  // An instance that starts when all has been shot opens nothing, and a connection that is not used again is closed.
  const inTime =
    common !== undefined && common.durationNs < startup.durationNs ? startup.countAt(common.durationNs) : startup.count;
  const used = common === undefined ? inTime : busiest(common, idleMs > 0 ? idleMs * 1e6 : Number.POSITIVE_INFINITY);
  const ownPlanHasShots = plan === undefined || plan.count > 0;
  return {
    pool: id,
    target,
    instances,
    most: ownPlanHasShots ? most : 0,
    kept: keepAlive && !shared && plan !== undefined && ownPlanHasShots ? Math.min(inTime, used) : 0,
    perShot: keepAlive ? undefined : { plan, copies: rpsPerInstance ? instances : 1 },
  };
}
