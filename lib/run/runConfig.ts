import { catchError, concat, defer, mergeMap, Observable, of, type SchedulerLike, tap, throwError } from 'rxjs';
import type { Command } from '../../operators/ticks/command.js';
import { issueText } from '../codec/report/configError.js';
import { assemblePools } from '../config/assemblePools.js';
import type { Config } from '../config/config.js';
import { defined } from '../core/defined.js';
import type { Deps, Log } from '../core/deps.js';
import { isElpisError } from '../core/errors.js';
import type { Millis } from '../core/units.js';
import { conditionsOf } from '../engine/conditions.js';
import type { Pool } from '../engine/pool.js';
import type { AnnouncedPool, PoolEvent, RunEvent, RunFailure, RunObserver } from '../engine/runEvent.js';
import { runPools } from '../engine/runPools.js';
import { Summaries } from '../engine/summaries.js';
import { serveExpvar } from '../observers/expvar.js';
import { located } from '../plugin/userPlace.js';
import { ensureRoom, preflight } from '../preflight/preflight.js';
import { systemLimits } from '../preflight/systemLimits.js';
import type { RunThreadsOptions } from '../shares/threads/runThreads.js';
import { realTimeScheduler } from '../time/realTime.js';
import { type NamedObserver, observed } from './observed.js';
import { originOf } from './originOf.js';

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
  pools: readonly AnnouncedPool[],
  scheduler: SchedulerLike,
): Observable<RunEvent> {
  return defer(() => {
    const summaries = new Summaries(pools);
    const finished = (failure?: RunFailure): RunEvent => ({
      type: 'run-finished',
      at: scheduler.now(),
      summaries: summaries.all,
      ...defined({ failure }),
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

/**
 * How many threads a run can really use: every thread needs an instance of every pool, or its share would never be shot;
 * stdin can be read by one thread only. A smaller number than wanted is warned about.
 */
export function usableThreads(wanted: number, config: Config, pools: readonly Pool[], log: Log): number {
  if (wanted === 1) return 1;
  if (config.pools.some(({ ammo }) => ammo.traits.stdin === true)) {
    log.warn('ammo comes from stdin, which one thread reads: running in one thread');
    return 1;
  }
  const fewest = Math.min(...pools.map(({ instances }) => instances?.count ?? Number.POSITIVE_INFINITY));
  if (fewest >= wanted) return wanted;
  const usable = Math.max(1, fewest);
  log.warn(`a pool starts ${fewest} instances and every thread needs one: running in ${usable} of ${wanted} threads`);
  return usable;
}

/** The third stage of a config: what happens while it is run. Subscribing runs it. */
export type Run = Observable<RunEvent>;

/** How a checked config is run. */
export interface RunConfigOptions {
  /** The outside world. */
  readonly deps: Deps;
  /** Default: the config's. */
  readonly threads?: number | undefined;
  /** As for `runPools`. */
  readonly drain: Observable<Millis>;
  readonly progressEveryMs?: Millis | undefined;
  /** Of the random numbers of a run in several threads. */
  readonly seed?: number | undefined;
  readonly control?: ((pool: string) => Observable<Command>) | undefined;
  /** Watch the run, beside those of the config. Default: none. */
  readonly observers?: readonly NamedObserver[] | undefined;
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

function prepared(config: Config, options: RunConfigOptions): Run {
  const { deps, drain, progressEveryMs, seed, control } = options;
  const { scheduler } = deps;
  const pools = assemblePools(config.pools, deps);
  const wanted = threadsFor(options.threads ?? config.threads, deps);
  if (scheduler === realTimeScheduler) {
    ensureRoom(preflight(config.pools, pools, systemLimits(), wanted), deps.log);
  }
  const threads = usableThreads(wanted, config, pools, deps.log);
  const ids = pools.map(({ id }) => id);
  const conditions = pools.flatMap(conditionsOf);
  const events =
    threads > 1
      ? inThreads({
          ...{ origin: originOf(config), threads, pools: ids, conditions },
          ...{ deps, drain, control, seed, progressEveryMs },
        })
      : runPools(pools, {
          scheduler,
          drain,
          log: deps.log,
          ...defined({ progressEveryMs, control }),
        });
  const announced = pools.map(({ id, plan, instances, rpsPerInstance }) => ({
    id,
    rpsPerInstance,
    ...defined({ plan, instances }),
  }));
  return concat(
    defer(() => of<RunEvent>({ type: 'run-started', at: scheduler.now(), pools: announced, threads })),
    withSummaries(events, announced, scheduler),
  );
}

/**
 * From a config to a run: makes its parts, looks whether the system has room for it, runs it here or in several threads while
 * observers watch, and ends with the summaries. This is the one way in which configs are run.
 *
 * - What fails before `run-started` has shot nothing.
 * - Unsubscribing aborts everything.
 */
export function runConfig(config: Config, options: RunConfigOptions): Run {
  const { deps } = options;
  const { scheduler } = deps;
  const events = new Observable<RunEvent>((subscriber) => {
    const log = teeLog(deps.log, (message, fields) =>
      subscriber.next({ type: 'warning', at: scheduler.now(), message, fields }),
    );
    for (const warning of config.warnings) log.warn(issueText(warning, config.document.name));
    subscriber.add(
      defer(() => prepared(config, { ...options, deps: { ...deps, log } }))
        .pipe(catchError((error: unknown) => throwError(() => located(error))))
        .subscribe(subscriber),
    );
  });
  return defer(() =>
    observed(events, [...observersOf(config, deps), ...(options.observers ?? [])], { log: deps.log, scheduler }),
  );
}

/** The observers that a config asks for. */
function observersOf({ observers, monitoring: { expvar: served } }: Config, deps: Deps): readonly NamedObserver[] {
  const listed = observers.map((chosen) => ({ name: chosen.name, observer: chosen.create(deps) as RunObserver }));
  return served.enabled ? [...listed, { name: 'expvar', observer: serveExpvar({ port: served.port }) }] : listed;
}
