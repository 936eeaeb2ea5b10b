import { Observable, type OperatorFunction, switchMap, tap, timer } from 'rxjs';
import type { Cursor } from '../../lib/core/cursor.js';
import type { GunFactory } from '../../lib/core/gun.js';
import type { Shot } from '../../lib/core/shot.js';
import { openCursor } from '../../lib/pull/openCursor.js';
import { realTimeScheduler } from '../../lib/time/realTime.js';
import { Firing } from '../firing/firing.js';
import type { ShootOptions } from './shootOptions.js';

/**
 * Merges shots into concurrent gun shots and emits their samples. Like `mergeMap` with a concurrency limit, but each
 * concurrent place is an instance with a gun of its own, shots are drawn by demand, and a shot costs the same however
 * many are in flight.
 *
 * ```text
 * shots                       0a-1b-2c-3d|
 * a gun that takes 4 frames   ----s|
 * shoot(guns, instances: 2)   ----s--s----s--(s|)
 * ```
 *
 * - A free instance takes the next shot, waits until it is due, shoots, and is free again. The instance that has been
 *   free the longest is first.
 * - When no instance is free, shots wait and keep their intended time; `slotWait` says for how long. With another `overflow`
 *   they are discarded when they are late, start more instances, or end everything.
 * - Completes when the shots are finished and the last shot under way has ended; then every gun is closed, once.
 * - A gun that throws or errors ends everything with that error; shots under way are aborted.
 * - `drain` ends it softly; its error ends everything, its completion changes nothing.
 * - Unsubscribing aborts the shots under way and closes guns, timers and the source, each once.
 * - Pullable shots are pulled; others are subscribed to and wait in `backlog`.
 *
 * @example
 * line({ from: 1, to: 500, duration: '60s' }).pipe(
 *   zipAmmo(uri({ file: './ammo.uri' })),
 *   shoot(http({ target: 'localhost:8080' }), { instances: 50, overflow: { policy: 'grow', maxInstances: 500 } }),
 * );
 */
export function shoot<A, S>(
  gunFactory: Pick<GunFactory<A, S>, 'create'>,
  options: ShootOptions<A, S> = {},
): OperatorFunction<Shot<A>, S> {
  const { scheduler = realTimeScheduler, backlog } = options;
  return (shots) =>
    new Observable<S>((destination) => {
      const onDiscard = (shot: Shot<A>): void => {
        firing.discard(shot);
        backlog?.onDiscard?.(shot);
      };
      const onError = (error: unknown): void => firing.failed(error);
      const open = (): Cursor<Shot<A>> => openCursor(shots, scheduler, { ...backlog, onDiscard, onError }, 'shots');
      const firing = new Firing(open, gunFactory, destination, options, scheduler);
      destination.add(() => firing.close());
      const draining = options.drain?.pipe(
        tap(() => firing.drain()),
        switchMap((limitMs) => timer(limitMs, scheduler)),
      );
      destination.add(draining?.subscribe({ next: () => firing.giveUp(), error: onError }));
      if (!destination.closed) firing.start();
    });
}
