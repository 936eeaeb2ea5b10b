import { catchError, concat, defer, type Observable, of, type SchedulerLike, tap, throwError } from 'rxjs';
import { defined } from '../core/defined.js';
import type { Log } from '../core/deps.js';
import { isElpisError } from '../core/errors.js';
import type { AnnouncedPool, PoolEvent, RunEvent, RunFailure } from './runEvent.js';
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
interface RunFacts {
  readonly scheduler: SchedulerLike;
  readonly threads: number;
  /** Seed of the random numbers, when they have one. */
  readonly seed?: number | undefined;
}

/**
 * Appends the summaries of all pools, in their order, to the events, also when the run fails.
 *
 * ```text
 * events      --p--r--r--|          --p--r--#
 * concluded   --p--r--r--(f|)       --p--r--(f#)      f: run-finished
 * ```
 */
function withSummaries(
  events: Observable<PoolEvent>,
  pools: readonly AnnouncedPool[],
  { scheduler, seed }: Pick<RunFacts, 'scheduler' | 'seed'>,
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
      defer(() => of(finished())),
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
  { scheduler, threads, seed }: RunFacts,
): Observable<RunEvent> {
  return concat(
    defer(() => of<RunEvent>({ type: 'run-started', at: scheduler.now(), pools, threads, ...defined({ seed }) })),
    withSummaries(events, pools, { scheduler, seed }),
  );
}
