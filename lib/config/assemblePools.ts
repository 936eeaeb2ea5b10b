import type { Observable } from 'rxjs';
import { ticks } from '../../operators/ticks/ticks.js';
import type { OperatorPoint } from '../core/component.js';
import { defined } from '../core/defined.js';
import { type Deps, WHOLE } from '../core/deps.js';
import { describeError, withContext } from '../core/errorContext.js';
import type { GunFactory } from '../core/gun.js';
import type { Plan, Tick } from '../core/plan.js';
import type { ScheduleOptions } from '../core/schedule.js';
import type { EpochMs } from '../core/units.js';
import { firstInstanceMs, type NamedAggregator, type NamedOperator, type Pool } from '../engine/pool.js';
import { planThrough } from '../engine/throughOperators.js';
import { BadAmmoTotals } from '../measure/badAmmo.js';
import { ConnectionRecorder } from '../measure/connectionRecorder.js';
import { ExchangeSampler } from '../measure/exchangeSampler.js';
import type { ConfiguredComponent, ConfiguredOperator } from '../plugin/configured.js';
import { isPlan } from '../plugin/userValue.js';
import type { NetSample } from '../protocols/netSample.js';
import { isRealTime, precise } from '../time/realTime.js';
import { seededRandom } from '../time/seededRandom.js';
import type { PoolConfig } from './config.js';

function scheduleOf(
  chosen: ConfiguredComponent<'schedule'>,
  deps: Deps,
  options: ScheduleOptions,
): { readonly make: () => Observable<Tick>; readonly plan?: Plan } {
  const made = chosen.create(deps);
  return isPlan(made) ? { make: () => ticks(made, options), plan: made } : { make: () => made };
}

/** A value that the codec of a point accepted fits at that point. */
function operatorsOf<P extends OperatorPoint>(
  chosen: readonly ConfiguredOperator<P>[],
  deps: Deps,
): NamedOperator<P>[] {
  return chosen.map(({ name, create }) => ({
    name,
    operator: create(deps).operator as NamedOperator<P>['operator'],
  }));
}

/** True when practice shots are played before a pool. */
export const hasRunUp = ({ runUp, pacing }: Pick<PoolConfig, 'runUp' | 'pacing'>): boolean =>
  runUp === 'always' || runUp === 'in-memory' || (runUp === 'auto' && pacing === 'precise');

/** Options of {@link assemblePools}. */
export interface AssembleOptions {
  /**
   * Returns the common start of all shares of a run; called when a schedule starts. Default: every schedule starts on
   * its own.
   */
  readonly startAt?: () => EpochMs | undefined;
  /** Operations before this time are not shot: they belong to a share that is lost. Default: all are shot. */
  readonly from?: EpochMs;
  /** The number of bad and failed exchanges that are kept of each pool, tag and reason. Default 0. */
  readonly keepExchanges?: number;
}

/** The schedules of a pool, and when it shoots first. */
function schedulesOf(pool: PoolConfig, deps: Deps, startAt: () => EpochMs | undefined) {
  const { scheduler, share } = deps;
  const startup = scheduleOf(pool.startup, deps, { scheduler, share, startAt });
  const firstShotAt = (): EpochMs | undefined => {
    const start = startAt();
    return start === undefined ? undefined : start + firstInstanceMs(startup.plan);
  };
  // An instance with its own schedule plays the whole schedule, from its own start.
  const rps = pool.rpsPerInstance
    ? scheduleOf(pool.rps, { ...deps, share: WHOLE }, { scheduler })
    : scheduleOf(pool.rps, deps, { scheduler, share, startAt: firstShotAt });
  return { startup, rps, firstShotAt };
}

/** The values of a pool that its config states. */
function settingsOf({ pacing, ...pool }: PoolConfig, { scheduler, share }: Deps) {
  return {
    id: pool.id,
    names: { schedule: pool.rps.name, startup: pool.startup.name, provider: pool.ammo.name, gun: pool.gun.name },
    gun: pool.gun.name,
    rpsPerInstance: pool.rpsPerInstance,
    overflow: pool.overflow,
    tailMs: pool.tailLimit === 0 ? Number.POSITIVE_INFINITY : pool.tailLimit,
    share,
    runUp: hasRunUp({ ...pool, pacing }),
    openEarly: hasRunUp({ ...pool, pacing }) && pool.runUp !== 'in-memory',
    // In virtual time every wait is exact.
    ...(pacing === 'precise' && isRealTime(scheduler) ? { pacer: precise(scheduler) } : {}),
  };
}

/** Makes the parts of one pool. */
function assemble(
  pool: PoolConfig,
  deps: Deps,
  { startAt = () => undefined, from, keepExchanges = 0 }: AssembleOptions,
): Pool {
  const { startup, rps, firstShotAt } = schedulesOf(pool, deps, startAt);
  const tickOperators = operatorsOf(pool.operators.ticks, deps);
  const plan = planThrough(rps.plan, tickOperators);
  const badAmmo = new BadAmmoTotals();
  // Its own random numbers: those of the run do not depend on failures.
  const exchanges =
    keepExchanges === 0 ? undefined : new ExchangeSampler({ each: keepExchanges, random: seededRandom(1) });
  const connections = new ConnectionRecorder();
  const aggregators = pool.result.map(
    (result): NamedAggregator => ({
      name: result.name,
      aggregator: result.create(deps) as NamedAggregator['aggregator'],
    }),
  );
  return {
    ...settingsOf(pool, deps),
    rps: rps.make,
    startup: startup.make(),
    startAt: firstShotAt,
    provider: pool.ammo.create({ ...deps, onBadAmmo: (kind, place) => badAmmo.add(kind, place) }),
    badAmmo: () => badAmmo.all,
    onCloseError: (error) =>
      deps.log.warn(`pool "${pool.id}": an input failed while it was closed: ${describeError(error)}`),
    gunFactory: pool.gun.create({ ...deps, exchanges, connections }) as GunFactory<unknown, NetSample>,
    aggregators,
    operators: {
      ticks: tickOperators,
      shots: operatorsOf(pool.operators.shots, deps),
      samples: operatorsOf(pool.operators.samples, deps),
    },
    connections,
    ...defined({ plan, instances: startup.plan, from, exchanges }),
  };
}

/**
 * Makes the parts of every pool. No file is opened and no name is resolved before the pools run.
 *
 * @throws ElpisError from a component's constructor, with the component and the pool.
 */
export function assemblePools(
  pools: readonly PoolConfig[],
  given: Deps,
  options: AssembleOptions = {},
): readonly Pool[] {
  const deps: Deps = { names: new Map(), ...given };
  return pools.map((pool) => {
    try {
      return assemble(pool, deps, options);
    } catch (error) {
      throw withContext(error, { pool: pool.id });
    }
  });
}
