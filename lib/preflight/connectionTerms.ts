import { grouped } from './grouped.js';
import type { PoolConnections } from './poolConnections.js';

/** The left side of the sum, such as `a may open 300 connections (300 instances x 1) + b 5 (9 instances, 5 shots)`. */
export function connectionTerms(pools: readonly PoolConnections[]): string {
  const term = ({ pool, most, instances }: PoolConnections, i: number): string => {
    const of =
      most === instances
        ? `${grouped(instances)} instances x 1`
        : `${grouped(instances)} instances, ${grouped(most)} shots`;
    return `${pool} ${i === 0 ? `may open ${grouped(most)} connections` : grouped(most)} (${of})`;
  };
  return pools.map(term).join(' + ');
}
