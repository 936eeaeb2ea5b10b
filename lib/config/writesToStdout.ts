import type { PoolConfig } from './config.js';

/** True when a result of any pool goes to standard output, which then must carry nothing else. */
export function writesToStdout(pools: readonly PoolConfig[]): boolean {
  return pools.some(({ result }) => result.some(({ traits }) => traits.stdout === true));
}
