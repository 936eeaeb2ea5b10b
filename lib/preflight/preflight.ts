import type { PoolConfig } from '../config/poolConfig.js';
import type { Finding } from './finding.js';
import { openFileFindings } from './openFileFindings.js';
import { type PoolPlans, poolConnections } from './poolConnections.js';
import { portFindings } from './portFindings.js';
import type { SystemLimits } from './systemLimits.js';

/**
 * Compares what a run can open with what the system allows, before anything is opened. Only guns whose connections are
 * known are counted (http, fetch), and only limits that are known.
 *
 * @param plans The plans of the pools, in the same order.
 */
export function preflight(
  pools: readonly Pick<PoolConfig, 'id' | 'gun' | 'rpsPerInstance' | 'overflow'>[],
  plans: readonly PoolPlans[],
  limits: SystemLimits,
  threads = 1,
): readonly Finding[] {
  const known = pools.flatMap((pool, i) => poolConnections(pool, plans[i] ?? {}) ?? []);
  return [...openFileFindings(known, limits, threads), ...portFindings(known, limits)];
}
