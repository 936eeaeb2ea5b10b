import type { Config } from '../config/config.js';
import type { Log } from '../core/deps.js';
import type { Pool } from '../engine/pool.js';
import { isChosen } from '../plugin/isChosen.js';

function readsStdin({ pools }: Config): boolean {
  return pools.some(({ ammo }) =>
    Object.values((ammo.config ?? {}) as Record<string, unknown>).some(
      (option) => isChosen('source', option) && option.name === 'stdin',
    ),
  );
}

/**
 * How many threads a run can really use: every thread needs an instance of every pool, or its share would never be shot;
 * stdin can be read by one thread only. A smaller number than wanted is warned about.
 */
export function usableThreads(wanted: number, config: Config, pools: readonly Pool[], log: Log): number {
  if (wanted === 1) return 1;
  if (readsStdin(config)) {
    log.warn('ammo comes from stdin, which one thread reads: running in one thread');
    return 1;
  }
  const fewest = Math.min(...pools.map(({ instances }) => instances?.count ?? Number.POSITIVE_INFINITY));
  if (fewest >= wanted) return wanted;
  const usable = Math.max(1, fewest);
  log.warn(`a pool starts ${fewest} instances and every thread needs one: running in ${usable} of ${wanted} threads`);
  return usable;
}
