import { catchError, concat, defer, type Observable, of, type SchedulerLike, tap, throwError } from 'rxjs';
import { defined } from '../core/defined.js';
import type { Log } from '../core/deps.js';
import { combineErrors, withContext } from '../core/errorContext.js';
import { ElpisError, isElpisError } from '../core/errors.js';
import type { SummarySnapshot } from '../measure/summary.js';
import type { AnnouncedPool, PoolEvent, RunEvent, RunFacts, RunFailure } from './runEvent.js';
import { Summaries } from './summaries.js';

/** A log that also sends each warning as an event. */
export function warningLog(log: Log, scheduler: SchedulerLike, send: (warning: RunEvent) => void): Log {
  return {
    debug: (message, fields) => log.debug(message, fields),
    info: (message, fields) => log.info(message, fields),
    warn: (message, fields = {}) => {
      log.warn(message, fields);
      send({ type: 'warning', at: scheduler.now(), message, fields });
    },
    error: (message, fields) => log.error(message, fields),
  };
}

/** The parts of the events of a run besides those of its pools. */
interface RunParts {
  readonly scheduler: SchedulerLike;
  readonly threads: number;
  /** The seed of the random numbers, if there is one. */
  readonly seed?: number | undefined;
  /** Ends with `ELPIS_STRICT` when due operations were not shot, or the generator was late. Default false. */
  readonly strict?: boolean;
  /** What the run states about itself. Default: nothing. */
  readonly facts?: RunFacts | undefined;
}

/** The violations of `strict` by a pool, as sentences. */
function strictViolations({ notShot, quality }: SummarySnapshot): readonly string[] {
  return [
    ...(notShot === undefined
      ? []
      : [`${notShot.count} ${notShot.count === 1 ? 'operation was' : 'operations were'} not shot: ${notShot.why}`]),
    ...(quality.late ? [quality.text] : []),
  ];
}

/**
 * The error of a strict run from the summaries of its pools: due operations that were not shot, and a generator that
 * was late or blocked. The error names the first such pool; those of the other pools are in its `also`. Undefined when
 * there is none.
 *
 * Dropped samples are not a part of it: they fail every run.
 */
export function strictFailure(summaries: readonly SummarySnapshot[]): ElpisError | undefined {
  const failures = summaries.flatMap((summary): ElpisError[] => {
    const found = strictViolations(summary);
    if (found.length === 0) return [];
    const hint = 'the results are written; without strict this is no failure';
    return [withContext(new ElpisError('ELPIS_STRICT', found.join('; '), { hint }), { pool: summary.pool })];
  });
  return combineErrors(failures);
}

/**
 * Appends the summaries of all pools, in their order, to the events, also when the run fails.
 *
 * ```text
 * events      --p--r--r--|          --p--r--#
 * concluded   --p--r--r--(f|)       --p--r--(f#)      f: run-finished
 * ```
 *
 * A strict run may end with an `ELPIS_STRICT` error, which is also part of `run-finished`.
 */
function withSummaries(
  events: Observable<PoolEvent>,
  pools: readonly AnnouncedPool[],
  { scheduler, seed, strict = false }: Pick<RunParts, 'scheduler' | 'seed' | 'strict'>,
): Observable<RunEvent> {
  return defer(() => {
    const summaries = new Summaries(pools);
    const finished = (failure?: RunFailure): RunEvent => ({
      type: 'run-finished',
      at: scheduler.now(),
      summaries: summaries.all,
      ...defined({ seed, failure }),
    });
    return concat(
      events.pipe(
        tap((event) => summaries.add(event)),
        catchError((error: unknown) =>
          concat(
            defer(() => of(finished(failureOf(error)))),
            throwError(() => error),
          ),
        ),
      ),
      defer(() => {
        const failure = strict ? strictFailure(summaries.all) : undefined;
        if (failure === undefined) return of(finished());
        return concat(
          of(finished(failureOf(failure))),
          throwError(() => failure),
        );
      }),
    );
  });
}

function failureOf(error: unknown): RunFailure {
  return {
    code: isElpisError(error) ? error.code : undefined,
    message: error instanceof Error ? error.message : String(error),
  };
}

/** The events of a run from those of its pools: `run-started` before them, and `run-finished` after them. */
export function runEvents(
  events: Observable<PoolEvent>,
  pools: readonly AnnouncedPool[],
  { scheduler, threads, seed, facts, strict = false }: RunParts,
): Observable<RunEvent> {
  return concat(
    defer(() =>
      of<RunEvent>({ type: 'run-started', at: scheduler.now(), pools, threads, ...defined({ seed, facts }) }),
    ),
    withSummaries(events, pools, { scheduler, seed, strict }),
  );
}
