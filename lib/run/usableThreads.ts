import { isMap } from '../codec/isMap.js';
import type { Config } from '../config/config.js';
import type { Log } from '../core/deps.js';
import type { Pool } from '../engine/pool.js';
import { isChosen } from '../plugin/isChosen.js';

/** True for a component that reads stdin, or whose options, lists and maps included, hold one that does. */
function readsStdin(value: unknown): boolean {
  if (isChosen('source', value) && value.name === 'stdin') return true;
  if (Array.isArray(value)) return value.some(readsStdin);
  if (isChosen('provider', value)) return readsStdin(value.config);
  return isMap(value) && Object.values(value).some(readsStdin);
}

/**
 * How many threads a run can really use: every thread needs an instance of every pool, or its share would never be shot;
 * stdin can be read by one thread only. A smaller number than wanted is warned about.
 */
export function usableThreads(wanted: number, config: Config, pools: readonly Pool[], log: Log): number {
  if (wanted === 1) return 1;
  if (config.pools.some(({ ammo }) => readsStdin(ammo))) {
    log.warn('ammo comes from stdin, which one thread reads: running in one thread');
    return 1;
  }
  const fewest = Math.min(...pools.map(({ instances }) => instances?.count ?? Number.POSITIVE_INFINITY));
  if (fewest >= wanted) return wanted;
  const usable = Math.max(1, fewest);
  log.warn(`a pool starts ${fewest} instances and every thread needs one: running in ${usable} of ${wanted} threads`);
  return usable;
}
