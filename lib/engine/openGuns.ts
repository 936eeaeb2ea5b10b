import { concat, defer, EMPTY, from, ignoreElements, Observable, takeUntil } from 'rxjs';
import { ElpisError, isElpisError } from '../core/errors.js';
import type { GunFactory } from '../core/gun.js';
import type { Millis } from '../core/units.js';
import { blame, describeError } from './blame.js';

function blaming<A, S>(gunFactory: GunFactory<A, S>): Pick<GunFactory<A, S>, 'create'> {
  return {
    create: (context) => {
      try {
        return gunFactory.create(context);
      } catch (cause) {
        if (isElpisError(cause)) throw cause;
        const message = `the gun of instance ${context.instance} can not be made: ${describeError(cause)}`;
        throw new ElpisError('ELPIS_GUN', message, { cause });
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
): Observable<R> {
  return new Observable<R>((subscriber) => {
    let closing = false;
    const close = (): Observable<never> =>
      defer(() => {
        if (closing) return EMPTY;
        closing = true;
        return from(gunFactory.close?.() ?? EMPTY).pipe(ignoreElements());
      });
    const warmUp = defer(() => gunFactory.warmUp?.() ?? EMPTY).pipe(
      ignoreElements(),
      takeUntil(drain),
      blame<never>('ELPIS_GUN', 'the warm-up of the gun'),
    );
    subscriber.add(
      concat(warmUp, use(blaming(gunFactory))).subscribe({
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
