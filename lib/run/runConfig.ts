import { concat, defer, finalize, mergeMap, Observable, of, tap } from 'rxjs';
import type { Command } from '../../operators/command.js';
import { assemblePools } from '../config/assemblePools.js';
import type { Config } from '../config/config.js';
import type { Deps } from '../core/deps.js';
import type { Millis } from '../core/units.js';
import { realTimeScheduler } from '../coreutil/realTimeScheduler.js';
import { ExpvarTally } from '../dashboard/expvarTally.js';
import { startExpvar } from '../dashboard/startExpvar.js';
import { runThreads } from '../distribution/runThreads.js';
import type { ConfigOrigin } from '../distribution/threadMessages.js';
import { runPools } from '../engine/runPools.js';
import { ensureRoom } from '../preflight/ensureRoom.js';
import { preflight } from '../preflight/preflight.js';
import { systemLimits } from '../preflight/systemLimits.js';
import { concluded } from './concluded.js';
import type { RunEvent } from './runEvent.js';
import { tellingLog } from './tellingLog.js';
import { usableThreads } from './usableThreads.js';

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
  /** Of the random numbers of other threads. */
  readonly seed?: number | undefined;
  readonly control?: ((pool: string) => Observable<Command>) | undefined;
}

/** In how many threads it can be run: a clock or commands of one's own reach this one only. */
function threadsFor(wanted: number, deps: Deps, { control }: RunConfigOptions): number {
  if (wanted === 1 || (deps.scheduler === realTimeScheduler && control === undefined)) return wanted;
  const what = control === undefined ? 'a clock of its own' : 'commands';
  deps.log.warn(`a run with ${what} is run in one thread, not in ${wanted}`);
  return 1;
}

function prepared({ config, deps, origin }: RunnableConfig, options: RunConfigOptions): Observable<RunEvent> {
  const { drain, progressEveryMs, seed, control } = options;
  const { scheduler } = deps;
  const pools = assemblePools(config.pools, deps);
  const wanted = threadsFor(options.threads ?? config.threads, deps, options);
  if (scheduler === realTimeScheduler) {
    ensureRoom(preflight(config.pools, pools, systemLimits(), wanted), deps.log);
  }
  const threads = usableThreads(wanted, config, pools, deps.log);
  const events =
    threads > 1
      ? runThreads({ origin: origin(), threads, deps, drain, seed, progressEveryMs })
      : runPools(pools, {
          scheduler,
          drain,
          ...(progressEveryMs === undefined ? {} : { progressEveryMs }),
          ...(control === undefined ? {} : { control }),
        });
  const ids = pools.map(({ id }) => id);
  const announced = pools.map(({ id, plan, instances, rpsPerInstance }) => ({
    id,
    rpsPerInstance,
    ...(plan === undefined ? {} : { plan }),
    ...(instances === undefined ? {} : { instances }),
  }));
  const tally = new ExpvarTally();
  const run = concat(
    defer(() => of<RunEvent>({ type: 'run-started', at: scheduler.now(), pools: announced, threads })),
    concluded(events.pipe(tap((event) => tally.see(event))), ids, scheduler),
  );
  const { enabled, port } = config.monitoring.expvar;
  if (!enabled) return run;
  return defer(() => startExpvar(port, () => tally.counters())).pipe(
    mergeMap((server) => run.pipe(finalize(() => void server.close()))),
  );
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
    const log = tellingLog(deps.log, (message, fields) =>
      subscriber.next({ type: 'warning', at: scheduler.now(), message, fields }),
    );
    for (const warning of config.warnings) log.warn(warning);
    subscriber.add(defer(() => prepared({ ...runnable, deps: { ...deps, log } }, options)).subscribe(subscriber));
  });
}
