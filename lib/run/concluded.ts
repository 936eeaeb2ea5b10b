import { catchError, concat, defer, EMPTY, type Observable, of, type SchedulerLike, tap, throwError } from 'rxjs';
import { isSummarySnapshot, type SummarySnapshot } from '../aggregators/summary/summarySnapshot.js';
import type { PoolEvent } from '../engine/poolEvent.js';
import type { RunEvent } from './runEvent.js';

/**
 * Ends the events of pools with the summaries of all, in the order of the pools, whether or not the run failed.
 *
 * ```text
 * events      --p--r--r--|          --p--r--#
 * concluded   --p--r--r--(f|)       --p--r--(f#)      f: run-finished
 * ```
 */
export function concluded(
  events: Observable<PoolEvent>,
  ids: readonly string[],
  scheduler: SchedulerLike,
): Observable<RunEvent> {
  return defer(() => {
    const summaries: SummarySnapshot[] = [];
    let failure: Observable<never> = EMPTY;
    const finished = (): Observable<RunEvent> => {
      const inOrder = [...new Set(ids)].flatMap((id) => summaries.filter(({ pool }) => pool === id));
      return of({ type: 'run-finished', at: scheduler.now(), summaries: inOrder });
    };
    return concat(
      events.pipe(
        tap((event) => {
          if (event.type === 'report' && isSummarySnapshot(event.report.detail)) summaries.push(event.report.detail);
        }),
        catchError((error: unknown) => {
          failure = throwError(() => error);
          return EMPTY;
        }),
      ),
      defer(finished),
      defer(() => failure),
    );
  });
}
