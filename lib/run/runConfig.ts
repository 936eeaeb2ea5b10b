import {
  catchError,
  defer,
  EMPTY,
  finalize,
  map,
  merge,
  mergeMap,
  NEVER,
  Observable,
  takeUntil,
  throwError,
} from 'rxjs';
import type { Command } from '../../operators/ticks/command.js';
import { capacityOf, judgingOf } from '../capacity/capacityOf.js';
import { issueText } from '../codec/report/configError.js';
import { assemblePools } from '../config/assemblePools.js';
import type { Config } from '../config/config.js';
import { runFacts } from '../config/runFacts.js';
import { defined } from '../core/defined.js';
import type { Deps } from '../core/deps.js';
import type { ElpisError } from '../core/errors.js';
import type { Millis } from '../core/units.js';
import { conditionsOf } from '../engine/conditions.js';
import type { JudgingOptions } from '../engine/judgement.js';
import { type NamedObserver, observed } from '../engine/observed.js';
import { redacted } from '../engine/redactedEvent.js';
import type { PlayedEvent, RunEvent, RunObserver } from '../engine/runEvent.js';
import { runEvents, warningLog } from '../engine/runEvents.js';
import { RunSteering, type StopOrder } from '../engine/runHandle.js';
import { runPools } from '../engine/runPools.js';
import type { MeshRun, RunMeshOptions } from '../mesh/coordinator/runMesh.js';
import { serveExpvar } from '../observers/expvar.js';
import { writeRecordTo } from '../observers/record.js';
import { located } from '../plugin/userPlace.js';
import { ensureRoom, preflight } from '../preflight/preflight.js';
import { systemLimits } from '../preflight/systemLimits.js';
import type { RunLocalOptions } from '../shares/runLocal.js';
import { realTimeScheduler } from '../time/realTime.js';
import { logEvents } from './logEvents.js';
import { originOf } from './originOf.js';
import { processReadings } from './processReadings.js';
import { usableShares, usableWorkers } from './usableShares.js';

/** The third stage of a config: the events of its run. Subscribing starts the run. */
export type Run = Observable<RunEvent>;

/** Options of {@link runConfig}. */
export interface RunConfigOptions {
  /** The dependencies of the run. */
  readonly deps: Deps;
  /** Default: the config's. */
  readonly threads?: number | undefined;
  /** So many processes of this machine play the run, each with that number of threads. Default: this process plays it. */
  readonly processes?: number | undefined;
  /** Other machines play the run, each with that number of threads. Default: this process plays it. */
  readonly mesh?: MeshRun | undefined;
  /** Drains the run at each value. Default: never. */
  readonly stops: Observable<StopOrder>;
  /**
   * Ends the run at its first value without waiting for anything: threads are terminated and sinks are destroyed. The
   * summaries so far are emitted, and then the value as the error; the run completes when it is undefined. Default:
   * never.
   */
  readonly abandon?: Observable<ElpisError | undefined> | undefined;
  readonly progressEveryMs?: Millis | undefined;
  /** The seed of `deps.random`, for the summary and for other threads; undefined for random numbers without a seed. */
  readonly seed?: number | undefined;
  /** When the verdict fails the run. Default: as in the config. */
  readonly failOn?: JudgingOptions['failOn'] | undefined;
  readonly control?: ((pool: string) => Observable<Command>) | undefined;
  /** Allows observers to control pools while they run. Default: when an observer of the config needs it. */
  readonly steerable?: boolean | undefined;
  /** Observers besides those of the config. Default: none. */
  readonly observers?: readonly NamedObserver[] | undefined;
}

/** The number of threads that it can use: a custom clock exists only in this thread. */
function threadsFor(wanted: number, deps: Deps): number {
  if (wanted === 1 || deps.scheduler === realTimeScheduler) return wanted;
  deps.log.warn(`a run with its own clock runs in one thread, not in ${wanted}`);
  return 1;
}

/** Imported only when it is used: most runs have one thread. */
const inShares = (options: RunLocalOptions): Observable<PlayedEvent> =>
  defer(() => import('../shares/runLocal.js')).pipe(mergeMap(({ runLocal }) => runLocal(options)));

const onMachines = (options: RunMeshOptions): Observable<PlayedEvent> =>
  defer(() => import('../mesh/coordinator/runMesh.js')).pipe(mergeMap(({ runMesh }) => runMesh(options)));

/** Unsubscribes from events at the first value of a notifier, and ends with it as the error; or completes, when it is undefined. */
function until<T>(events: Observable<T>, notifier: Observable<ElpisError | undefined> = NEVER): Observable<T> {
  const end = (error: ElpisError | undefined): void => {
    if (error !== undefined) throw error;
  };
  return events.pipe(takeUntil(notifier.pipe(map(end))));
}

function prepared(config: Config, options: RunConfigOptions, steering: RunSteering): Run {
  const { deps, stops, progressEveryMs, seed, failOn = config.judging.failOn } = options;
  const control = controlOf(options, steering);
  const { drain } = steering;
  const { scheduler } = deps;
  const pools = assemblePools(config.pools, deps, { keepExchanges: config.keepExchanges });
  const wanted = threadsFor(options.threads ?? config.threads, deps);
  if (scheduler === realTimeScheduler && options.mesh === undefined) {
    ensureRoom(preflight(config.pools, pools, systemLimits(), wanted), deps.log);
  }
  const mesh = options.mesh && usableWorkers(options.mesh, wanted, config, pools, deps.log);
  const local =
    mesh === undefined
      ? usableShares({ processes: options.processes ?? 1, threads: wanted }, config, pools, deps.log)
      : { processes: 1, threads: wanted };
  const announced = pools.map(({ id, plan, instances, rpsPerInstance }) => ({
    id,
    rpsPerInstance,
    ...defined({ plan, instances }),
  }));
  const shared = {
    ...{ pools: pools.map(({ id }) => id), conditions: pools.flatMap(conditionsOf), lostAfterMs: config.threadTimeout },
    ...{ deps, drain, control, seed, progressEveryMs },
  };
  const events =
    mesh !== undefined
      ? onMachines({ ...shared, announced, origin: originOf(config), config, mesh, threads: wanted })
      : local.processes * local.threads > 1
        ? inShares({ ...shared, ...local, origin: originOf(config) })
        : runPools(pools, {
            scheduler,
            drain,
            log: deps.log,
            ...defined({ progressEveryMs, control }),
          });
  const judging = { ...judgingOf(config), failOn };
  const readings = scheduler === realTimeScheduler ? processReadings(scheduler) : EMPTY;
  const facts = runFacts(config.document, systemLimits().openFiles ?? null, judging);
  const threads = local.threads * (mesh?.workers ?? local.processes);
  const parts = { scheduler, threads, seed, steering, judging, readings, log: deps.log, facts };
  return new Observable<RunEvent>((subscriber) => {
    const run = runEvents(until(events, options.abandon), announced, parts);
    // The pools start after this event, so that an earlier order applies before the first shot.
    const next = (event: RunEvent): void => {
      if (event.type === 'run-started') subscriber.add(steering.follow(stops));
      subscriber.next(event);
    };
    const error = (failure: unknown): void => subscriber.error(failure);
    subscriber.add(run.subscribe({ next, error, complete: () => subscriber.complete() }));
  });
}

/**
 * From a config to a run: makes its parts, checks the limits of the system, runs it in one or several threads with
 * observers, and ends with the summaries. All runs of configs use this function.
 *
 * - A run that fails before `run-started` has shot nothing.
 * - Unsubscribing aborts everything.
 */
export function runConfig(config: Config, options: RunConfigOptions): Run {
  const { name, redactor } = config.document;
  const deps = { ...options.deps, log: redactor.log(options.deps.log) };
  const { scheduler } = deps;
  const steerable =
    options.steerable ?? (config.capacity !== null || config.observers.some(({ traits }) => traits.steers === true));
  const eventsOf = (steering: RunSteering): Run =>
    new Observable<RunEvent>((subscriber) => {
      subscriber.add(steering.events.subscribe((event) => subscriber.next(redacted(event, redactor))));
      const log = warningLog(deps.log, scheduler, (warning) => subscriber.next(redacted(warning, redactor)));
      for (const warning of config.warnings) log.warn(issueText(warning, name));
      subscriber.add(
        defer(() => prepared(config, { ...options, deps: { ...deps, log } }, steering))
          .pipe(
            catchError((error: unknown) => throwError(() => redactor.error(located(error)))),
            map((event) => redacted(event, redactor)),
            logEvents(log),
          )
          .subscribe(subscriber),
      );
    });
  return defer(() => {
    const handle = new RunSteering(scheduler, steerable);
    const observers = [...observersOf(config, deps), ...(options.observers ?? [])];
    return observed(eventsOf(handle).pipe(capacityOf(config)(handle)), observers, {
      log: deps.log,
      scheduler,
      handle,
    }).pipe(finalize(() => handle.close()));
  }).pipe(
    catchError((error: unknown) => throwError(() => redactor.error(error))),
    map((event) => redacted(event, redactor)),
  );
}

/** The commands of the owner of a run and of its observers. */
function controlOf({ control }: RunConfigOptions, steering: RunSteering): RunConfigOptions['control'] {
  return steering.steerable ? (pool) => merge(control?.(pool) ?? EMPTY, steering.commandsTo(pool)) : control;
}

/** The observers of a config. */
function observersOf(
  { observers, record, monitoring: { expvar: served } }: Config,
  deps: Deps,
): readonly NamedObserver[] {
  const { scheduler, log } = deps;
  return [
    ...observers.map((chosen) => ({ name: chosen.name, observer: chosen.create(deps) as RunObserver })),
    ...(record === null ? [] : [{ name: 'record', observer: writeRecordTo({ file: record, scheduler, log }) }]),
    ...(served.enabled ? [{ name: 'expvar', observer: serveExpvar({ port: served.port, host: served.host }) }] : []),
  ];
}
