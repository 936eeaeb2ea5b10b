import { concat, defer, EMPTY, from, ignoreElements, Observable, takeUntil } from 'rxjs';
import type { Armoury } from '../core/armoury.js';
import { ElpisError, isElpisError } from '../core/errors.js';
import type { Millis } from '../core/units.js';
import { blame } from './blame.js';
import { describeError } from './describeError.js';

function blaming<A, S>(armoury: Armoury<A, S>): Pick<Armoury<A, S>, 'make'> {
  return {
    make: (context) => {
      try {
        return armoury.make(context);
      } catch (cause) {
        if (isElpisError(cause)) throw cause;
        const message = `the gun of instance ${context.instance} can not be made: ${describeError(cause)}`;
        throw new ElpisError('ELPIS_GUN', message, { cause });
      }
    },
  };
}

/**
 * Warms an armoury up, uses it, and closes it on every way out. Its `close` is awaited after a normal end or an error;
 * when the consumer unsubscribes there is nobody to wait for it. A drain during the warm-up ends it.
 */
export function openArmoury<A, S, R>(
  armoury: Armoury<A, S>,
  drain: Observable<Millis>,
  use: (armoury: Pick<Armoury<A, S>, 'make'>) => Observable<R>,
): Observable<R> {
  return new Observable<R>((subscriber) => {
    let closing = false;
    const close = (): Observable<never> =>
      defer(() => {
        if (closing) return EMPTY;
        closing = true;
        return from(armoury.close?.() ?? EMPTY).pipe(ignoreElements());
      });
    const warmUp = defer(() => armoury.warmUp?.() ?? EMPTY).pipe(
      ignoreElements(),
      takeUntil(drain),
      blame<never>('ELPIS_GUN', 'the warm-up of the gun'),
    );
    subscriber.add(
      concat(warmUp, use(blaming(armoury))).subscribe({
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
