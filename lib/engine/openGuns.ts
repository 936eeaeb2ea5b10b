import { concat, defer, EMPTY, from, ignoreElements, Observable, takeUntil } from 'rxjs';
import type { Log } from '../core/deps.js';
import { ElpisError, isElpisError } from '../core/errors.js';
import type { GunFactory } from '../core/gun.js';
import type { Millis } from '../core/units.js';
import { Failures } from '../core/failures.js';
import { blame, describeError } from './blame.js';

function blaming<A, S>(gunFactory: GunFactory<A, S>): Pick<GunFactory<A, S>, 'create'> {
  return {
    create: (context) => {
      try {
        return gunFactory.create(context);
      } catch (cause) {
        if (isElpisError(cause)) throw cause;
        const message = `the gun of instance ${context.instance} cannot be made: ${describeError(cause)}`;
        throw new ElpisError('ELPIS_GUN', message, { cause });
      }
    },
  };
}

/**
 * Warms a gun factory up, uses it, and closes it on every way out, once. Its `close` is awaited after a normal end or an error,
 * and a failure of it is added to that end. After an unsubscribe it is not awaited, and a failure of it is logged. A drain
 * during the warm-up ends the warm-up.
 */
export function openGuns<A, S, R>(
  gunFactory: GunFactory<A, S>,
  drain: Observable<Millis>,
  use: (gunFactory: Pick<GunFactory<A, S>, 'create'>) => Observable<R>,
  log?: Log,
): Observable<R> {
  return new Observable<R>((subscriber) => {
    const failures = new Failures('ELPIS_GUN');
    let closing = false;
    const close = (): Observable<never> =>
      defer(() => {
        if (closing) return EMPTY;
        closing = true;
        return from(gunFactory.close?.() ?? EMPTY).pipe(ignoreElements());
      }).pipe(blame<never>('ELPIS_GUN', 'the closing of the guns'));
    const settle = (): void => (failures.any ? subscriber.error(failures.error) : subscriber.complete());
    const end = (): void => {
      close().subscribe({
        error: (error: unknown) => {
          failures.add(error);
          settle();
        },
        complete: settle,
      });
    };
    const warmUp = defer(() => gunFactory.warmUp?.() ?? EMPTY).pipe(
      ignoreElements(),
      takeUntil(drain),
      blame<never>('ELPIS_GUN', 'the warm-up of the gun'),
    );
    subscriber.add(
      concat(warmUp, use(blaming(gunFactory))).subscribe({
        next: (value) => subscriber.next(value),
        error: (error: unknown) => {
          failures.add(error);
          end();
        },
        complete: end,
      }),
    );
    subscriber.add(() => close().subscribe({ error: (error: unknown) => log?.error(describeError(error)) }));
  });
}
