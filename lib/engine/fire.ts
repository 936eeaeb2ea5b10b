import {
  defer,
  filter,
  finalize,
  mergeMap,
  NEVER,
  type Observable,
  type SchedulerLike,
  Subject,
  takeUntil,
} from 'rxjs';
import type { FiringMeter } from '../../operators/firing/meter.js';
import { shoot } from '../../operators/shots/shoot.js';
import type { OverflowPolicy } from '../../operators/shots/shootOptions.js';
import { zipAmmo } from '../../operators/shots/zipAmmo.js';
import type { Command } from '../../operators/ticks/command.js';
import { control } from '../../operators/ticks/control.js';
import { countInShare, nthOfShare, WHOLE } from '../core/deps.js';
import { ElpisError } from '../core/errors.js';
import type { Millis } from '../core/units.js';
import type { NetSample } from '../protocols/netSample.js';
import { PlanSchedule } from '../pull/planSchedule.js';
import { overdueSamples } from './overdueSamples.js';
import type { Pool } from './pool.js';
import { SharedAmmo } from './sharedAmmo.js';
import { throughOperators } from './throughOperators.js';

/** What {@link fire} needs besides the pool. */
export interface FireOptions {
  readonly scheduler: SchedulerLike;
  readonly drain: Observable<Millis>;
  readonly meter: FiringMeter;
  /** Steer the schedules. */
  readonly commands?: Observable<Command> | undefined;
}

/** Every share of a run grows to its part of the maximum. */
function overflowOf({ overflow = { policy: 'queue' }, rpsPerInstance, share, id }: Pool): OverflowPolicy {
  if (overflow.policy !== 'grow') return overflow;
  if (rpsPerInstance) {
    const message = `pool "${id}": overflow can not be grow when every instance follows its own copy of rps`;
    throw new ElpisError('ELPIS_CONFIG', message, { hint: 'choose another overflow policy, or share one schedule' });
  }
  return { ...overflow, maxInstances: countInShare(share ?? WHOLE, overflow.maxInstances) };
}

/**
 * The samples of a pool. Shared: one schedule is zipped with the ammo and shot by instances as they start. Per instance:
 * each instance that starts brings a schedule of its own; all draw from the same ammo.
 */
export function fire(pool: Pool, { scheduler, drain, meter, commands }: FireOptions): Observable<NetSample> {
  return defer(() => {
    const outOfAmmo = new Subject<void>();
    const shared = new SharedAmmo(pool.provider, {
      onFinished: () => outOfAmmo.next(),
      onCloseError: pool.onCloseError,
    });
    const share = pool.share ?? WHOLE;
    const steer =
      commands === undefined
        ? undefined
        : control(commands, pool.rpsPerInstance ? { scheduler } : { scheduler, share });
    const stopped = commands?.pipe(filter(({ type }) => type === 'stop')) ?? NEVER;
    const options = {
      scheduler: pool.pacer ?? scheduler,
      drain,
      meter,
      unfinished: overdueSamples.unfinished,
      discarded: overdueSamples.discarded,
      overflow: overflowOf(pool),
    };
    const { operators = {} } = pool;
    const shots = () => {
      const rps = pool.rps();
      const endless = rps instanceof PlanSchedule && rps.plan.count === Number.POSITIVE_INFINITY;
      const due = throughOperators(rps, 'ticks', operators.ticks, { endless, steer });
      const armed = due.pipe(
        zipAmmo<unknown>(shared.ammo, { scheduler: options.scheduler, ticks: { onCloseError: pool.onCloseError } }),
      );
      return throughOperators(armed, 'shots', operators.shots, { endless });
    };
    const samples = pool.rpsPerInstance
      ? pool.startup.pipe(
          takeUntil(outOfAmmo),
          takeUntil(drain),
          takeUntil(stopped),
          mergeMap((_, instance) =>
            shots().pipe(
              shoot(pool.gunFactory, { ...options, instances: 1, firstInstance: nthOfShare(share, instance) }),
            ),
          ),
        )
      : shots().pipe(
          shoot(pool.gunFactory, {
            ...options,
            instances: pool.startup,
            firstInstance: share.index,
            instanceStride: share.of,
          }),
        );
    return throughOperators(samples, 'samples', operators.samples).pipe(finalize(() => shared.close()));
  });
}
