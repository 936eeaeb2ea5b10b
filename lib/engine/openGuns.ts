import { concat, defer, EMPTY, from, ignoreElements, Observable, takeUntil } from 'rxjs';
import { blame } from '../core/blame.js';
import type { Culprit } from '../core/errors.js';
import type { GunFactory } from '../core/gun.js';
import type { Millis } from '../core/units.js';
import { blaming } from './blaming.js';
import { calling } from './pool.js';

function named<A, S>(gunFactory: GunFactory<A, S>, component: Culprit['component']): Pick<GunFactory<A, S>, 'create'> {
  const gun = calling(component, 'the gun');
  return {
    create: (context) => {
      try {
        return gunFactory.create(context);
      } catch (cause) {
        const { instance } = context;
        const what = `${gun} of instance ${instance} cannot be made`;
        throw blame(cause, { component, instance }, { code: 'ELPIS_GUN', what });
      }
    },
  };
}

/**
 * Warms a gun factory up, uses it, and closes it on every way out. Its `close` is awaited after a normal end or an error;
 * when the consumer unsubscribes there is nobody to wait for it. A drain during the warm-up ends it.
 */
export function openGuns<A, S, R>(
  gunFactory: GunFactory<A, S>,
  drain: Observable<Millis>,
  use: (gunFactory: Pick<GunFactory<A, S>, 'create'>) => Observable<R>,
  component?: Culprit['component'],
): Observable<R> {
  return new Observable<R>((subscriber) => {
    let closing = false;
    const close = (): Observable<never> =>
      defer(() => {
        if (closing) return EMPTY;
        closing = true;
        return from(gunFactory.close?.() ?? EMPTY).pipe(ignoreElements());
      }).pipe(
        blaming<never>({ component }, { code: 'ELPIS_GUN', what: `${calling(component, 'the gun')} cannot be closed` }),
      );
    const warmUp = defer(() => gunFactory.warmUp?.() ?? EMPTY).pipe(
      ignoreElements(),
      blaming<never>(
        { component },
        { code: 'ELPIS_GUN', what: `the warm-up of ${calling(component, 'the gun')} failed` },
      ),
      takeUntil(drain),
    );
    subscriber.add(
      concat(warmUp, use(named(gunFactory, component))).subscribe({
        next: (value) => subscriber.next(value),
        error: (error: unknown) => {
          const giveUp = (): void => subscriber.error(error);
          close().subscribe({ error: giveUp, complete: giveUp });
        },
        complete: () =>
          close().subscribe({
            error: (error: unknown) => subscriber.error(error),
            complete: () => subscriber.complete(),
          }),
      }),
    );
    subscriber.add(() => close().subscribe({ error: () => undefined }));
  });
}
