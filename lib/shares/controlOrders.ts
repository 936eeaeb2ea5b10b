import { catchError, defer, EMPTY, type MonoTypeOperatorFunction, map, merge, type Observable } from 'rxjs';
import { command } from '../../operators/ticks/command.js';
import { withContext } from '../core/errorContext.js';
import type { ElpisError } from '../core/errors.js';
import type { Millis } from '../core/units.js';
import type { ToShare } from './protocol.js';
import type { SharedRun } from './sharedRun.js';

type Failed = (error: ElpisError) => void;

/** Calls back with an error, and completes. */
const reported = (failed: Failed, pool: string | undefined, what: string): MonoTypeOperatorFunction<ToShare> =>
  catchError((error: unknown) => {
    failed(withContext(error, { pool }, { code: 'ELPIS_CONTROL', what }));
    return EMPTY;
  });

/**
 * The commands to the pools of a run as orders to its shares: all shares execute a command at the same time.
 *
 * @param options `afterMs` returns the time from a command to its execution; `failed` receives invalid commands and errors of
 *   their streams, with the pool.
 */
export function controlOrders(
  { control, pools, deps }: Pick<SharedRun, 'control' | 'pools' | 'deps'>,
  { afterMs, failed }: { readonly afterMs: () => Millis; readonly failed: Failed },
): Observable<ToShare> {
  if (control === undefined) return EMPTY;
  return merge(
    ...pools.map((pool) =>
      defer(() => control(pool)).pipe(
        map((given): ToShare => {
          const at = deps.scheduler.now() + afterMs();
          return { type: 'control', pool, command: command.check(given), at };
        }),
        reported(failed, pool, 'the commands failed'),
      ),
    ),
  );
}

/** The drains of a run as orders to its shares. */
export function drainOrders(drain: Observable<Millis> = EMPTY, failed: Failed): Observable<ToShare> {
  return drain.pipe(
    map((limitMs): ToShare => ({ type: 'drain', limitMs })),
    reported(failed, undefined, 'the drain failed'),
  );
}
