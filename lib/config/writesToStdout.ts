import { isChosen } from '../plugin/isChosen.js';
import type { PoolConfig } from './poolConfig.js';

/** True when a result of any pool goes to standard output, which then must carry nothing else. */
export function writesToStdout(pools: readonly PoolConfig[]): boolean {
  return pools.some(({ result }) =>
    result.some(({ config }) =>
      Object.values((config ?? {}) as Record<string, unknown>).some(
        (option) => isChosen('sink', option) && option.name === 'stdout',
      ),
    ),
  );
}
