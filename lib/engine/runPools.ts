import { catchError, concat, defer, EMPTY, merge, Observable, ReplaySubject, takeUntil, throwError } from 'rxjs';
import { defined } from '../core/defined.js';
import { combineErrors, withContext } from '../core/errorContext.js';
import type { ElpisError } from '../core/errors.js';
import type { Millis } from '../core/units.js';
import { isRealTime, realTimeScheduler } from '../time/realTime.js';
import { catchWithContext } from './catchWithContext.js';
import type { Pool } from './pool.js';
import type { PoolEvent } from './runEvent.js';
import type { RunOptions } from './runOptions.js';
import { runPool } from './runPool.js';
import { runUp } from './runUp.js';
import { watchOf } from './windows.js';

/** The time limit of the other pools' shots after a failure of one pool; Pandora's limit. */
export const GRACE_AFTER_FAILURE_MS: Millis = 3000;

/**
 * Runs pools side by side. When one fails, the others stop shooting, finish the shots under way (up to 3 s) and
 * flush. Then the run errors with the error of that pool: it keeps its code, and has the pool in `error.pool` and in
 * its message. Later failures are in `error.also`. Unsubscribing aborts everything.
 *
 * @example
 * declare const pools: readonly Pool[];
 * runPools(pools, { drain: fromEvent(process, 'SIGINT').pipe(map(() => 30_000)) }).subscribe(console.log);
 */
export function runPools(pools: readonly Pool[], options: RunOptions = {}): Observable<PoolEvent> {
  return defer(() => {
    const drain = new ReplaySubject<Millis>(1);
    const asked = options.drain
      ?.pipe(catchWithContext({}, { code: 'ELPIS_CONTROL', what: 'the drain failed' }))
      .subscribe(drain);
    const failures: ElpisError[] = [];
    const loop = options.loop ?? watchOf(options.scheduler ?? realTimeScheduler);
    const runs = pools.map((pool) =>
      runPool(pool, { ...options, drain, ...defined({ loop }) }).pipe(
        catchError((error: unknown) => {
          failures.push(withContext(error, { pool: pool.id }));
          drain.next(GRACE_AFTER_FAILURE_MS);
          return EMPTY;
        }),
      ),
    );
    const { scheduler = realTimeScheduler } = options;
    // Only real time has code to compile.
    const practice = isRealTime(scheduler) ? runUp(pools, scheduler).pipe(takeUntil(drain)) : EMPTY;
    const outcome = defer(() => (failures.length === 0 ? EMPTY : throwError(() => combineErrors(failures))));
    return new Observable<PoolEvent>((subscriber) => {
      subscriber.add(asked);
      subscriber.add(concat(practice, merge(...runs), outcome).subscribe(subscriber));
    });
  });
}
