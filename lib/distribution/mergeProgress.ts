import type { PoolProgress } from '../engine/poolEvent.js';

/** The progress of a pool that several threads share: counts add up, the longest time counts. */
export function mergeProgress(shares: readonly PoolProgress[]): PoolProgress {
  const sum = (key: keyof PoolProgress): number => shares.reduce((total, share) => total + share[key], 0);
  return {
    elapsed: Math.max(...shares.map(({ elapsed }) => elapsed)),
    requests: sum('requests'),
    responses: sum('responses'),
    inFlight: sum('inFlight'),
    instances: sum('instances'),
    instancesStarted: sum('instancesStarted'),
    instancesGrown: sum('instancesGrown'),
    discarded: sum('discarded'),
    unfinished: sum('unfinished'),
  };
}
