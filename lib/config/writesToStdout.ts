import type { Chosen } from '../plugin/chosen.js';
import { isChosen } from '../plugin/isChosen.js';
import type { PoolConfig } from './poolConfig.js';

function toStdout({ config }: Chosen<'aggregator'>): boolean {
  return Object.values((config ?? {}) as Record<string, unknown>).some(
    (option) =>
      (isChosen('sink', option) && option.name === 'stdout') || (isChosen('aggregator', option) && toStdout(option)),
  );
}

/** True when a result of any pool goes to standard output, which then must carry nothing else. */
export function writesToStdout(pools: readonly PoolConfig[]): boolean {
  return pools.some(({ result }) => result.some(toStdout));
}
