import type { Endpoint } from '../codec/net.js';
import type { PoolConfig } from '../config/config.js';
import type { Plan } from '../core/plan.js';
import type { Bytes, Nanos } from '../core/units.js';
import type { ConnectionTraits } from '../plugin/traits.js';

/** How much of the ammo is read for its hosts. */
const READ: Bytes = 1024 * 1024;
const STEPS_PER_WINDOW = 20;
const MAX_STEPS = 10_000;

/**
 * The largest number of operations of a plan within any window of the given length; `Infinity` when only the target
 * limits it. The window moves in small steps, so the number may be too small by the operations of one step.
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

/** The plans of the schedules of a pool, if they have plans. */
export interface PoolPlans {
  readonly instances?: Plan | undefined;
  readonly plan?: Plan | undefined;
}

/** The connections of a pool. */
export interface PoolConnections {
  readonly pool: string;
  readonly target: Endpoint;
  /** The largest number of instances. */
  readonly instances: number;
  /** The connections of an instance: one, or one for each host of the ammo. */
  readonly each: number;
  /** The largest number of connections that can be open at once: those of all instances, and at most one per shot. */
  readonly most: number;
  /** The number of kept connections while the target responds. */
  readonly kept: number;
  /** The local addresses of the connections, used in turn; empty when the system chooses. */
  readonly localAddresses: readonly string[];
  /** The plan of the connections, when each shot opens its own, and the number of instances that follow this plan. */
  readonly perShot: { readonly plan: Plan | undefined; readonly copies: number } | undefined;
}

/** What the connections of a pool depend on. */
export type CountedPool = Pick<PoolConfig, 'id' | 'gun' | 'rpsPerInstance' | 'overflow'> &
  Partial<Pick<PoolConfig, 'ammo'>>;

/** The connections that an instance keeps. */
function connectionsEach({ keepAlive, hosts = 1 }: ConnectionTraits, ammo: CountedPool['ammo']): number {
  if (hosts === 1 || !keepAlive) return 1;
  return Math.max(1, Math.min(hosts, ammo?.traits.hosts?.(READ) ?? 1));
}

/**
 * Counts the connections of a pool; undefined when the traits of its gun do not name them, or the number of instances
 * is not known.
 */
export function poolConnections(
  { id, gun, ammo, rpsPerInstance, overflow }: CountedPool,
  { instances: startup, plan }: PoolPlans,
): PoolConnections | undefined {
  const { connections } = gun.traits;
  if (connections === undefined || startup === undefined || !Number.isFinite(startup.count)) return undefined;
  const { target, keepAlive, idleMs, shared, localAddresses = [] } = connections;
  const each = connectionsEach(connections, ammo);
  const instances = overflow.policy === 'grow' ? Math.max(startup.count, overflow.maxInstances) : startup.count;
  const common = plan === undefined || rpsPerInstance ? undefined : plan;
  const most = Math.min(instances * each, common?.count ?? Number.POSITIVE_INFINITY);
  // An instance that starts after the last shot opens no connection, and a connection that is not used again is closed.
  const inTime =
    common !== undefined && common.durationNs < startup.durationNs ? startup.countAt(common.durationNs) : startup.count;
  const used = common === undefined ? inTime : busiest(common, idleMs > 0 ? idleMs * 1e6 : Number.POSITIVE_INFINITY);
  const ownPlanHasShots = plan === undefined || plan.count > 0;
  return {
    pool: id,
    target,
    localAddresses,
    instances,
    each,
    most: ownPlanHasShots ? most : 0,
    kept: keepAlive && !shared && plan !== undefined && ownPlanHasShots ? Math.min(inTime * each, used) : 0,
    perShot: keepAlive ? undefined : { plan, copies: rpsPerInstance ? instances : 1 },
  };
}

/** A number with commas: 50,000. */
export function grouped(value: number): string {
  // Without toLocaleString, which takes 10 ms to load its tables before the first shot.
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** The connections of a pool, and its path in the config. */
export type Opening = PoolConnections & { readonly path: string };

/** The path of the pool of an issue; for several pools, that of their list. */
export function pathOf(pools: readonly Opening[]): string {
  const [only, second] = pools;
  return only === undefined || second !== undefined ? 'pools' : only.path;
}

/** The left side of the sum, such as `a may open 300 connections (300 instances x 1) + b 5 (9 instances, 5 shots)`. */
export function connectionTerms(pools: readonly PoolConnections[]): string {
  const term = ({ pool, most, instances, each }: PoolConnections, i: number): string => {
    const of =
      most === instances * each
        ? `${grouped(instances)} instances x ${grouped(each)}${each > 1 ? ' hosts' : ''}`
        : `${grouped(instances)} instances, ${grouped(most)} shots`;
    return `${pool} ${i === 0 ? `may open ${grouped(most)} connections` : grouped(most)} (${of})`;
  };
  return pools.map(term).join(' + ');
}
