import { assemblePools } from '../config/assemblePools.js';
import type { Config, PoolConfig } from '../config/config.js';
import type { Deps } from '../core/deps.js';
import type { Plan } from '../core/plan.js';
import { type PlayedPlan, playPlan } from '../engine/playPlan.js';
import { VirtualClock } from '../time/virtualClock.js';

/** A pool of a config with its plans; without a plan of operations, `played` has the reason. */
export interface PlannedPool {
  readonly config: PoolConfig;
  /** The plan of the instances; undefined when it is unknown. */
  readonly instances: Plan | undefined;
  readonly played: PlayedPlan;
}

/**
 * The pools of a config with their plans, after the operators of ticks. Components are made, but nothing is opened or shot.
 *
 * @throws ElpisError when a component cannot be made.
 */
export function plannedPools({ pools }: Pick<Config, 'pools'>, deps: Deps): readonly PlannedPool[] {
  const scheduler = new VirtualClock();
  const assembled = assemblePools(pools, { ...deps, scheduler });
  return assembled.map((pool, i) => ({
    config: pools[i] as PoolConfig,
    instances: pool.instances,
    played: playPlan(pool, scheduler),
  }));
}
