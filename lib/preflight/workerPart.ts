import type { Issue } from '../codec/issue.js';
import type { Plan } from '../core/plan.js';
import type { CountedPool, PoolPlans } from './poolConnections.js';
import { preflight } from './preflight.js';
import type { SystemLimits } from './systemLimits.js';

/** Every n-th operation of a plan: the part of the worker that has the first. */
function partOf(plan: Plan, workers: number): Plan {
  const { durationNs, unlimited = false } = plan;
  return {
    ...{ count: Math.ceil(plan.count / workers), durationNs, unlimited },
    atNs: (index) => plan.atNs(index * workers),
    countAt: (offsetNs) => Math.ceil(plan.countAt(offsetNs) / workers),
    rateAt: (offsetNs) => plan.rateAt(offsetNs) / workers,
  };
}

/** How a run is divided. */
export interface WorkerParts {
  readonly workers: number;
  /** The threads of each worker. */
  readonly threads: number;
}

/**
 * Compares the part of one of several equal workers with the limits of its machine: it opens the connections of its instances.
 *
 * @param plans The plans of the pools, in the same order.
 * @see {@link preflight}
 */
export function workerPreflight(
  pools: readonly CountedPool[],
  plans: readonly PoolPlans[],
  limits: SystemLimits,
  { workers, threads }: WorkerParts,
): readonly Issue[] {
  const part = (plan: Plan | undefined): Plan | undefined => (plan === undefined ? undefined : partOf(plan, workers));
  const own = pools.map((pool): CountedPool => {
    const { overflow } = pool;
    if (overflow.policy !== 'grow') return pool;
    return { ...pool, overflow: { ...overflow, maxInstances: Math.ceil(overflow.maxInstances / workers) } };
  });
  const parts = plans.map(({ instances, plan }, i) => ({
    instances: part(instances),
    // Every instance plays the whole plan.
    plan: pools[i]?.rpsPerInstance === true ? plan : part(plan),
  }));
  return preflight(own, parts, limits, threads);
}
