import { concat, defer, EMPTY, from, ignoreElements, Observable, takeUntil } from 'rxjs';
import { Failures } from '../../operators/firing/failures.js';
import type { Log } from '../core/deps.js';
import { describeError, withContext } from '../core/errorContext.js';
import type { ErrorContext } from '../core/errors.js';
import type { GunFactory } from '../core/gun.js';
import type { Millis } from '../core/units.js';
import { catchWithContext } from './catchWithContext.js';
import { calling } from './pool.js';

function named<A, S>(
  gunFactory: GunFactory<A, S>,
  component: ErrorContext['component'],
): Pick<GunFactory<A, S>, 'create'> {
  const gun = calling(component, 'the gun');
  return {
    create: (context) => {
      try {
        return gunFactory.create(context);
      } catch (cause) {
        const { instance } = context;
        const what = `${gun} of instance ${instance} cannot be made`;
        throw withContext(cause, { component, instance }, { code: 'ELPIS_GUN', what });
      }
    },
  };
}

/**
 * Warms a gun factory up, uses it, and closes it on every way out, once. Its `close` is awaited after completion or
 * an error, and its failure is added to the error. After an unsubscribe it is not awaited, and its failure is logged.
 * A drain during the warm-up ends the warm-up.
 */
export function openGuns<A, S, R>(
  gunFactory: GunFactory<A, S>,
  drain: Observable<Millis>,
  use: (gunFactory: Pick<GunFactory<A, S>, 'create'>) => Observable<R>,
  component?: ErrorContext['component'],
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
      }).pipe(
        catchWithContext<never>(
          { component },
          { code: 'ELPIS_GUN', what: `${calling(component, 'the gun')} cannot be closed` },
        ),
      );
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
      catchWithContext<never>(
        { component },
        { code: 'ELPIS_GUN', what: `the warm-up of ${calling(component, 'the gun')} failed` },
      ),
      takeUntil(drain),
    );
    subscriber.add(
      concat(warmUp, use(named(gunFactory, component))).subscribe({
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
