import {
  catchError,
  concat,
  defer,
  EMPTY,
  finalize,
  mergeMap,
  Observable,
  of,
  type SchedulerLike,
  tap,
  throwError,
} from 'rxjs';
import type { Command } from '../../operators/ticks/command.js';
import { isSummarySnapshot, type SummarySnapshot } from '../aggregators/summary/summarySnapshot.js';
import { isMap } from '../codec/struct.js';
import { assemblePools } from '../config/assemblePools.js';
import type { Config } from '../config/config.js';
import type { Deps, Log } from '../core/deps.js';
import type { EpochMs, Millis } from '../core/units.js';
import type { Pool } from '../engine/pool.js';
import type { PoolEvent } from '../engine/runPool.js';
import { runPools } from '../engine/runPools.js';
import { ExpvarTally } from '../observers/expvarTally.js';
import { isConfigured } from '../plugin/configured.js';
import { located } from '../plugin/userPlace.js';
import { ensureRoom, preflight } from '../preflight/preflight.js';
import { systemLimits } from '../preflight/systemLimits.js';
import type { RunThreadsOptions } from '../shares/threads/runThreads.js';
import type { ConfigOrigin } from '../shares/protocol.js';
import { realTimeScheduler } from '../time/realTime.js';

/** What is known of a pool before it starts. */
export type AnnouncedPool = Pick<Pool, 'id' | 'plan' | 'instances' | 'rpsPerInstance'>;

/**
 * What happens in a run, in order.
 *
 * - `warning`: from the config (these come first) or from a component, at any time.
 * - `run-started`: all is checked and made; the pools start now. What fails before it has shot nothing.
 * - {@link PoolEvent}s, with the pool's id. `progress` counts instances: started, and running. `report` carries the
 *   windows (`isSummaryProgress(event.report.detail)`) and final numbers (`isSummarySnapshot`) of the summary that every
 *   pool has, beside what its configured results say of themselves.
 * - `run-finished`: the last one, with the summary of every pool. It also comes when the run fails, with what was recorded
 *   until then, before the error.
 */
export type RunEvent =
  | PoolEvent
  | {
      readonly type: 'run-started';
      readonly at: EpochMs;
      readonly pools: readonly AnnouncedPool[];
      /** How many threads share the run. */
      readonly threads: number;
    }
  | {
      readonly type: 'warning';
      readonly at: EpochMs;
      readonly message: string;
      readonly fields: Readonly<Record<string, unknown>>;
    }
  | { readonly type: 'run-finished'; readonly at: EpochMs; readonly summaries: readonly SummarySnapshot[] };

/**
 * Ends the events of pools with the summaries of all, in the order of the pools, whether or not the run failed.
 *
 * ```text
 * events      --p--r--r--|          --p--r--#
 * concluded   --p--r--r--(f|)       --p--r--(f#)      f: run-finished
 * ```
 */
function withSummaries(
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

/** A log that also tells of each warning. */
function teeLog(log: Log, tell: (message: string, fields: Record<string, unknown>) => void): Log {
  return {
    debug: (message, fields) => log.debug(message, fields),
    info: (message, fields) => log.info(message, fields),
    warn: (message, fields = {}) => {
      log.warn(message, fields);
      tell(message, fields);
    },
    error: (message, fields) => log.error(message, fields),
  };
}

/** True for a component that reads stdin, or whose options, lists and maps included, hold one that does. */
function readsStdin(value: unknown): boolean {
  if (isConfigured('source', value) && value.name === 'stdin') return true;
  if (Array.isArray(value)) return value.some(readsStdin);
  if (isConfigured('provider', value)) return readsStdin(value.config);
  return isMap(value) && Object.values(value).some(readsStdin);
}

/**
 * How many threads a run can really use: every thread needs an instance of every pool, or its share would never be shot;
 * stdin can be read by one thread only. A smaller number than wanted is warned about.
 */
export function usableThreads(wanted: number, config: Config, pools: readonly Pool[], log: Log): number {
  if (wanted === 1) return 1;
  if (config.pools.some(({ ammo }) => readsStdin(ammo))) {
    log.warn('ammo comes from stdin, which one thread reads: running in one thread');
    return 1;
  }
  const fewest = Math.min(...pools.map(({ instances }) => instances?.count ?? Number.POSITIVE_INFINITY));
  if (fewest >= wanted) return wanted;
  const usable = Math.max(1, fewest);
  log.warn(`a pool starts ${fewest} instances and every thread needs one: running in ${usable} of ${wanted} threads`);
  return usable;
}

/** A checked config, and what it needs to be run. */
export interface RunnableConfig {
  readonly config: Config;
  readonly deps: Deps;
  /** Where other threads read it; asked only when there are any. May throw when they can't. */
  readonly origin: () => ConfigOrigin;
}

/** How a checked config is run. */
export interface RunConfigOptions {
  /** Default: the config's. */
  readonly threads?: number | undefined;
  /** As for `runPools`. */
  readonly drain: Observable<Millis>;
  readonly progressEveryMs?: Millis | undefined;
  /** Of the random numbers of a run in several threads. */
  readonly seed?: number | undefined;
  readonly control?: ((pool: string) => Observable<Command>) | undefined;
}

/** In how many threads it can be run: a clock of one's own reaches this one only. */
function threadsFor(wanted: number, deps: Deps): number {
  if (wanted === 1 || deps.scheduler === realTimeScheduler) return wanted;
  deps.log.warn(`a run with a clock of its own is run in one thread, not in ${wanted}`);
  return 1;
}

/** Loaded only when it is used: most runs have one thread. */
const inThreads = (options: RunThreadsOptions): Observable<PoolEvent> =>
  defer(() => import('../shares/threads/runThreads.js')).pipe(mergeMap(({ runThreads }) => runThreads(options)));

function prepared({ config, deps, origin }: RunnableConfig, options: RunConfigOptions): Observable<RunEvent> {
  const { drain, progressEveryMs, seed, control } = options;
  const { scheduler } = deps;
  const pools = assemblePools(config.pools, deps);
  const wanted = threadsFor(options.threads ?? config.threads, deps);
  if (scheduler === realTimeScheduler) {
    ensureRoom(preflight(config.pools, pools, systemLimits(), wanted), deps.log);
  }
  const threads = usableThreads(wanted, config, pools, deps.log);
  const ids = pools.map(({ id }) => id);
  const events =
    threads > 1
      ? inThreads({ origin: origin(), threads, pools: ids, deps, drain, control, seed, progressEveryMs })
      : runPools(pools, {
          scheduler,
          drain,
          log: deps.log,
          ...(progressEveryMs === undefined ? {} : { progressEveryMs }),
          ...(control === undefined ? {} : { control }),
        });
  const announced = pools.map(({ id, plan, instances, rpsPerInstance }) => ({
    id,
    rpsPerInstance,
    ...(plan === undefined ? {} : { plan }),
    ...(instances === undefined ? {} : { instances }),
  }));
  const tally = new ExpvarTally();
  const run = concat(
    defer(() => of<RunEvent>({ type: 'run-started', at: scheduler.now(), pools: announced, threads })),
    withSummaries(events.pipe(tap((event) => tally.see(event))), ids, scheduler),
  );
  const { enabled, port } = config.monitoring.expvar;
  if (!enabled) return run;
  return defer(async () =>
    (await import('../observers/startExpvar.js')).startExpvar(port, () => tally.counters()),
  ).pipe(mergeMap((server) => run.pipe(finalize(() => void server.close()))));
}

/**
 * Runs a checked config: makes its parts, looks whether the system has room for it, serves its counters, runs it here or in
 * several threads, and ends with the summaries. This is the one way in which configs are run.
 *
 * - What fails before `run-started` has shot nothing.
 * - Unsubscribing aborts everything.
 */
export function runConfig(runnable: RunnableConfig, options: RunConfigOptions): Observable<RunEvent> {
  return new Observable<RunEvent>((subscriber) => {
    const { config, deps } = runnable;
    const { scheduler } = deps;
    const log = teeLog(deps.log, (message, fields) =>
      subscriber.next({ type: 'warning', at: scheduler.now(), message, fields }),
    );
    for (const warning of config.warnings) log.warn(warning);
    subscriber.add(
      defer(() => prepared({ ...runnable, deps: { ...deps, log } }, options))
        .pipe(catchError((error: unknown) => throwError(() => located(error))))
        .subscribe(subscriber),
    );
  });
}
