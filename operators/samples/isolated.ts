import {
  catchError,
  concat,
  connect,
  defer,
  finalize,
  ignoreElements,
  type Observable,
  of,
  Subject,
  takeWhile,
  tap,
  throwError,
} from 'rxjs';
import type { Aggregator, Report } from '../../lib/core/aggregator.js';

/** What {@link isolated} tells about an aggregator that failed. */
export interface ReporterFailure {
  readonly kind: 'failure';
  readonly error: unknown;
  /** How many samples came after the failure, so that they are missing in its results; so far. */
  readonly missed: number;
}

/** How {@link isolated} treats a failure. */
export interface IsolatedOptions {
  /** Name of the aggregator in reports of its failure. Default: as in its own reports, else `isolated`. */
  readonly name?: string;
  /** Told at once, at most once. */
  readonly onFailure?: (error: unknown) => void;
  /** Whether the failure is passed on when the samples have completed, or only reported. Default `error`. */
  readonly atEnd?: 'error' | 'complete';
}

/**
 * Isolates the failure of an aggregator: it stops, the others and the shooting go on, and the failure is known at once and
 * still there at the end.
 *
 * ```text
 * samples                          --a--b--c--d--|
 * bad                              --r--#
 * isolated(bad)                    --r--f--------#     f: a report with the failure as its detail
 * isolated(bad, atEnd 'complete')  --r--f--------(F|)  F: the final report, with the failure and what it missed
 * ```
 *
 * - While the aggregator works, everything passes as if it were alone.
 * - When it fails (or throws when it is made), `onFailure` is called and a report with a {@link ReporterFailure} as its detail is
 *   sent. It gets no more samples; they are counted as missed (`dropped` stays 0, since no queue was full).
 * - When the samples then complete, the failure is passed on; `reportTo` lets every other aggregator flush and errors with all
 *   failures. With `atEnd: 'complete'` a final report with the failure is sent instead, and the run is not failed by it.
 * - A failure at the end, while it flushes, is treated in the same way. An error of the samples is passed on as
 *   it would be without isolation. An exception of `onFailure` is passed on at once.
 * - Unsubscribing closes the aggregator and stops the samples.
 *
 * @example
 * declare const samples: Observable<NetSample>;
 * samples.pipe(reportTo(phout({ destination: './phout.log' }), isolated(summary(), { atEnd: 'complete' })));
 */
export function isolated<S>(aggregator: Aggregator<S>, options: IsolatedOptions = {}): Aggregator<S> {
  const { name, onFailure, atEnd = 'error' } = options;
  return (samples) =>
    defer(() => {
      const inlet = new Subject<S>();
      let from = name ?? 'isolated';
      let received = 0;
      let lost = false;
      let open = true;
      const work = tap<Report>((report) => {
        from = name ?? report.from;
      });
      const outlast = (error: unknown): Observable<Report> => {
        if (lost) return throwError(() => error);
        const after = received;
        onFailure?.(error);
        const report = (final: boolean): Observable<Report> =>
          defer(() => {
            const detail: ReporterFailure = { kind: 'failure', error, missed: received - after };
            return of({ from, received, dropped: 0, final, detail });
          });
        const end = atEnd === 'error' ? throwError(() => error) : report(true);
        return concat(report(false), inlet.pipe(ignoreElements()), end);
      };
      const close = finalize<Report>(() => {
        open = false;
      });
      const reports = defer(() => inlet.pipe(aggregator, work)).pipe(catchError(outlast), close);
      return samples.pipe(
        takeWhile(() => open),
        tap({
          next: () => received++,
          error: () => {
            lost = true;
          },
        }),
        connect(() => reports, { connector: () => inlet }),
      );
    });
}
