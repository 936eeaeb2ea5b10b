import {
  catchError,
  defer,
  filter,
  finalize,
  mergeMap,
  NEVER,
  type Observable,
  type SchedulerLike,
  Subject,
  takeUntil,
  throwError,
} from 'rxjs';
import type { FiringMeter } from '../../operators/firing/meter.js';
import { shoot } from '../../operators/shots/shoot.js';
import type { OverflowPolicy } from '../../operators/shots/shootOptions.js';
import { zipAmmo } from '../../operators/shots/zipAmmo.js';
import type { Command } from '../../operators/ticks/command.js';
import { control } from '../../operators/ticks/control.js';
import { blame, type Otherwise } from '../core/blame.js';
import { type Culprit, ElpisError, isElpisError } from '../core/errors.js';
import type { Tick } from '../core/plan.js';
import type { Millis } from '../core/units.js';
import type { NetSample } from '../protocols/netSample.js';
import { Pullable } from '../pull/pullable.js';
import { Schedule } from '../pull/schedule.js';
import { blaming } from './blaming.js';
import { overdueSamples } from './overdueSamples.js';
import { calling, componentOf, type Pool } from './pool.js';
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
function overflowOf({ overflow = { policy: 'queue' }, rpsPerInstance, share }: Pool): OverflowPolicy {
  if (overflow.policy !== 'grow') return overflow;
  if (rpsPerInstance) {
    const message = 'overflow cannot be grow when every instance follows its own copy of rps';
    throw new ElpisError('ELPIS_CONFIG', message, { hint: 'choose another overflow policy, or share one schedule' });
  }
  const { index, of } = share ?? { index: 0, of: 1 };
  return { ...overflow, maxInstances: Math.ceil((overflow.maxInstances - index) / of) };
}

function scheduleOf(pool: Pool, part: 'schedule' | 'startup'): [Culprit, Otherwise] {
  const component = componentOf(pool, part);
  const what = `${calling(component, 'the schedule')}${part === 'startup' ? ' of the instances' : ''} failed`;
  return [{ component }, { code: 'ELPIS_SCHEDULE', what }];
}

/** Ammo, operators and commands name themselves in their errors, so what has no code comes from the gun. */
function failureOf(pool: Pool, error: unknown): ElpisError {
  if (isElpisError(error, 'ELPIS_SCHEDULE')) return blame(error, { component: componentOf(pool, 'schedule') });
  if (isElpisError(error) && error.code !== 'ELPIS_SHOT') return error;
  const component = componentOf(pool, 'gun');
  return blame(error, { component }, { code: 'ELPIS_SHOT', what: `${calling(component, 'the gun')} failed` });
}

/**
 * The samples of a pool. Shared: one schedule is zipped with the ammo and shot by instances as they start. Per instance:
 * each instance that starts brings a schedule of its own; all draw from the same ammo.
 */
export function fire(pool: Pool, { scheduler, drain, meter, commands }: FireOptions): Observable<NetSample> {
  return defer(() => {
    const outOfAmmo = new Subject<void>();
    const shared = new SharedAmmo(pool.provider, () => outOfAmmo.next(), componentOf(pool, 'provider'));
    const share = pool.share ?? { index: 0, of: 1 };
    const { index: first, of: stride } = share;
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
      const made = pool.rps();
      // The errors of a plan name the schedule themselves; a pipe around it would hide that it can be pulled.
      const rps = made instanceof Pullable ? made : made.pipe(blaming<Tick>(...scheduleOf(pool, 'schedule')));
      const endless = rps instanceof Schedule && rps.plan.count === Number.POSITIVE_INFINITY;
      const due = throughOperators(rps, 'ticks', operators.ticks, { endless, steer });
      const armed = due.pipe(zipAmmo<unknown>(shared.ammo, { scheduler: options.scheduler }));
      return throughOperators(armed, 'shots', operators.shots, { endless });
    };
    const startup = pool.startup.pipe(blaming<Tick>(...scheduleOf(pool, 'startup')));
    const samples = pool.rpsPerInstance
      ? startup.pipe(
          takeUntil(outOfAmmo),
          takeUntil(drain),
          takeUntil(stopped),
          mergeMap((_, instance) =>
            shots().pipe(
              shoot(pool.gunFactory, { ...options, instances: 1, firstInstance: first + instance * stride }),
            ),
          ),
        )
      : shots().pipe(
          shoot(pool.gunFactory, {
            ...options,
            instances: startup,
            firstInstance: first,
            instanceStride: stride,
          }),
        );
    const shot = samples.pipe(catchError((error: unknown) => throwError(() => failureOf(pool, error))));
    return throughOperators(shot, 'samples', operators.samples).pipe(finalize(() => shared.close()));
  });
}
