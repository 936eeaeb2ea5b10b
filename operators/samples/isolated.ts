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
import { A_FUNCTION, checkArgument } from '../../lib/core/argument.js';

/** The report of {@link isolated} about an aggregator that failed. */
export interface ReporterFailure {
  readonly kind: 'failure';
  readonly error: unknown;
  /** The number of samples after the failure so far. They are missing in its results. */
  readonly missed: number;
}

/** Options of {@link isolated}. */
export interface IsolatedOptions {
  /** Name of the aggregator in reports of its failure. Default: as in its own reports, otherwise `isolated`. */
  readonly name?: string;
  /** Called at once with the failure, at most once. */
  readonly onFailure?: (error: unknown) => void;
  /** The effect of the failure when the samples have completed: an error, or only a report. Default `error`. */
  readonly atEnd?: 'error' | 'complete';
}

/**
 * Isolates the failure of an aggregator: it stops, while the others and the shooting continue. The failure is
 * reported at once and at the end.
 *
 * ```text
 * samples                          --a--b--c--d--|
 * bad                              --r--#
 * isolated(bad)                    --r--f--------#     f: a report with the failure as its detail
 * isolated(bad, atEnd 'complete')  --r--f--------(F|)  F: the final report, with the failure and the number of missed samples
 * ```
 *
 * - Without a failure, the reports of the aggregator pass unchanged.
 * - When it fails (or throws when it is made), `onFailure` is called and a report with a {@link ReporterFailure} as
 *   its detail is emitted. It receives no more samples; they are counted as missed (`dropped` stays 0, since no queue
 *   was full).
 * - When the samples then complete, the failure is emitted as an error; `reportTo` lets every other aggregator flush
 *   and errors with all failures. With `atEnd: 'complete'` a final report with the failure is emitted instead, and
 *   the run does not fail.
 * - A failure at the end, while it flushes, is handled in the same way. An error of the samples passes through. An
 *   exception of `onFailure` is an error at once.
 * - Unsubscribing closes the aggregator and stops the samples.
 *
 * @example
 * declare const samples: Observable<NetSample>;
 * samples.pipe(reportTo(phout({ destination: './phout.log' }), isolated(summary(), { atEnd: 'complete' })));
 */
export function isolated<S>(aggregator: Aggregator<S>, options: IsolatedOptions = {}): Aggregator<S> {
  checkArgument('isolated', 'aggregator', aggregator, A_FUNCTION);
  const { name, onFailure, atEnd = 'error' } = options;
  return (samples) =>
    defer(() => {
      const subject = new Subject<S>();
      let from = name ?? 'isolated';
      let received = 0;
      let lost = false;
      let open = true;
      const work = tap<Report>((report) => {
        from = name ?? report.from;
      });
      const continueAfter = (error: unknown): Observable<Report> => {
        if (lost) return throwError(() => error);
        const after = received;
        onFailure?.(error);
        const report = (final: boolean): Observable<Report> =>
          defer(() => {
            const detail: ReporterFailure = { kind: 'failure', error, missed: received - after };
            return of({ from, received, dropped: 0, final, detail });
          });
        const end = atEnd === 'error' ? throwError(() => error) : report(true);
        return concat(report(false), subject.pipe(ignoreElements()), end);
      };
      const close = finalize<Report>(() => {
        open = false;
      });
      const reports = defer(() => subject.pipe(aggregator, work)).pipe(catchError(continueAfter), close);
      return samples.pipe(
        takeWhile(() => open),
        tap({
          next: () => received++,
          error: () => {
            lost = true;
          },
        }),
        connect(() => reports, { connector: () => subject }),
      );
    });
}
