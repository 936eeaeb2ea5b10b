import { type ConfiguredComponent, isConfigured } from '../plugin/configured.js';
import type { PoolConfig } from './config.js';

function toStdout({ config }: ConfiguredComponent<'aggregator'>): boolean {
  return Object.values((config ?? {}) as Record<string, unknown>).some(
    (option) =>
      (isConfigured('sink', option) && option.name === 'stdout') ||
      (isConfigured('aggregator', option) && toStdout(option)),
  );
}

/** True when a result of any pool goes to standard output, which then must carry nothing else. */
export function writesToStdout(pools: readonly PoolConfig[]): boolean {
  return pools.some(({ result }) => result.some(toStdout));
}
