import type { PoolConfig } from './config.js';

/** True when a result of any pool writes to standard output. Nothing else may then be written there. */
export function writesToStdout(pools: readonly PoolConfig[]): boolean {
  return pools.some(({ result }) => result.some(({ traits }) => traits.stdout === true));
}
