import { defer, finalize, mergeMap, type Observable, type SchedulerLike, Subject, takeUntil } from 'rxjs';
import type { FiringMeter } from '../../operators/firingMeter.js';
import { shoot } from '../../operators/shoot.js';
import { zipAmmo } from '../../operators/zipAmmo.js';
import type { Millis } from '../core/units.js';
import type { NetSample } from '../protocols/netSample.js';
import { overdueSamples } from './overdueSamples.js';
import type { Pool } from './pool.js';
import { SharedAmmo } from './sharedAmmo.js';

/** Pandora's rule: an operation that is overdue by this much is not worth shooting any more. */
const DISCARD_AFTER_MS = 2000;

/** What {@link fire} needs besides the pool. */
export interface FireOptions {
  readonly scheduler: SchedulerLike;
  readonly drain: Observable<Millis>;
  readonly meter: FiringMeter;
}

/**
 * The samples of a pool. Shared: one schedule is zipped with the ammo and shot by instances as they start. Per instance:
 * each instance that starts brings a schedule of its own; all draw from the same ammo.
 */
export function fire(pool: Pool, { scheduler, drain, meter }: FireOptions): Observable<NetSample> {
  return defer(() => {
    const outOfAmmo = new Subject<void>();
    const shared = new SharedAmmo(pool.provider, () => outOfAmmo.next());
    const { index: first, of: stride } = pool.share ?? { index: 0, of: 1 };
    const options = {
      scheduler: pool.pacer ?? scheduler,
      drain,
      meter,
      unfinished: overdueSamples.unfinished,
      ...(pool.discardOverflow
        ? { overflow: { policy: 'discard', afterMs: DISCARD_AFTER_MS } as const, discarded: overdueSamples.discarded }
        : {}),
    };
    const samples = pool.rpsPerInstance
      ? pool.startup.pipe(
          takeUntil(outOfAmmo),
          takeUntil(drain),
          mergeMap((_, instance) =>
            pool
              .rps()
              .pipe(
                zipAmmo(shared.ammo),
                shoot(pool.armoury, { ...options, instances: 1, firstInstance: first + instance * stride }),
              ),
          ),
        )
      : pool.rps().pipe(
          zipAmmo(shared.ammo),
          shoot(pool.armoury, {
            ...options,
            instances: pool.startup,
            firstInstance: first,
            instanceStride: stride,
          }),
        );
    return samples.pipe(finalize(() => shared.close()));
  });
}
