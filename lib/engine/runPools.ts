import { catchError, concat, defer, EMPTY, merge, Observable, ReplaySubject, throwError } from 'rxjs';
import { ElpisError } from '../core/errors.js';
import type { Millis } from '../core/units.js';
import { describeError } from './blame.js';
import type { Pool } from './pool.js';
import { type PoolEvent, type RunOptions, runPool } from './runPool.js';

/** How long the other pools may finish their shots when one has failed; Pandora's limit. */
const GRACE_AFTER_FAILURE_MS = 3000;

/**
 * Runs pools side by side. When one fails, the others stop shooting, finish what is under way (up to 3 s), flush, and then
 * the run errors with the name of the pool and what went wrong. Unsubscribing aborts everything.
 *
 * @example
 * declare const pools: readonly Pool[];
 * runPools(pools, { drain: fromEvent(process, 'SIGINT').pipe(map(() => 30_000)) }).subscribe(console.log);
 */
export function runPools(pools: readonly Pool[], options: RunOptions = {}): Observable<PoolEvent> {
  return defer(() => {
    const drain = new ReplaySubject<Millis>(1);
    const asked = options.drain?.subscribe(drain);
    let failure: ElpisError | undefined;
    const runs = pools.map((pool) =>
      runPool(pool, { ...options, drain }).pipe(
        catchError((error: unknown) => {
          failure ??= new ElpisError('ELPIS_POOL', `pool "${pool.id}": ${describeError(error)}`, {
            cause: error,
            ...(error instanceof ElpisError && error.hint !== undefined ? { hint: error.hint } : {}),
          });
          drain.next(GRACE_AFTER_FAILURE_MS);
          return EMPTY;
        }),
      ),
    );
    const outcome = defer(() => (failure === undefined ? EMPTY : throwError(() => failure)));
    return new Observable<PoolEvent>((subscriber) => {
      subscriber.add(asked);
      subscriber.add(concat(merge(...runs), outcome).subscribe(subscriber));
    });
  });
}
