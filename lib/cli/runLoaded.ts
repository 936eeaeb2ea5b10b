import type { Observable } from 'rxjs';
import { assemblePools } from '../config/assemblePools.js';
import type { Config } from '../config/config.js';
import { writesToStdout } from '../config/writesToStdout.js';
import type { Deps } from '../core/deps.js';
import type { Millis } from '../core/units.js';
import { ExpvarTally } from '../dashboard/expvarTally.js';
import { type ExpvarServer, startExpvar } from '../dashboard/startExpvar.js';
import { runThreads } from '../distribution/runThreads.js';
import type { ConfigOrigin } from '../distribution/threadMessages.js';
import type { Pool } from '../engine/pool.js';
import { ensureRoom } from '../preflight/ensureRoom.js';
import { preflight } from '../preflight/preflight.js';
import { systemLimits } from '../preflight/systemLimits.js';
import { EXIT_CODES } from './exitCodes.js';
import type { Io } from './io.js';
import { printError } from './printError.js';
import type { SignalSource } from './signals.js';
import { tellOutcome } from './tellOutcome.js';
import { usableThreads } from './usableThreads.js';
import { watchRun } from './watchRun.js';

/** Options of commands that shoot. */
export interface RunCommandOptions {
  /** Print nothing but errors. */
  readonly quiet?: boolean;
  /** File for the summary as JSON. */
  readonly summaryJson?: string;
  /** Overrules the config's. */
  readonly threads?: number;
}

/** A checked config and where it came from. */
export interface RunnableConfig {
  readonly config: Config;
  readonly deps: Deps;
  /** Where threads read it again. */
  readonly origin: ConfigOrigin;
}

/** Runs a checked config and tells what came of it. */
export async function runLoaded(
  { config, deps, origin }: RunnableConfig,
  { quiet = false, summaryJson, threads: wanted = config.threads }: RunCommandOptions,
  io: Io,
  source: SignalSource,
): Promise<number> {
  const { expvar } = config.monitoring;
  const tally = new ExpvarTally();
  let pools: readonly Pool[];
  let counters: ExpvarServer | undefined;
  try {
    pools = assemblePools(config.pools, deps);
    ensureRoom(preflight(config.pools, pools, systemLimits(), wanted), deps.log);
    if (expvar.enabled) counters = await startExpvar(expvar.port, () => tally.counters());
  } catch (error) {
    printError(error, io);
    return EXIT_CODES.badUsage;
  }
  const threads = usableThreads(wanted, config, pools, deps.log);
  const start = threads === 1 ? undefined : (drain: Observable<Millis>) => runThreads({ origin, threads, deps, drain });
  const outcome = await watchRun(pools, quiet, io, source, (event) => tally.see(event), start);
  await counters?.close();
  const stream = quiet ? undefined : writesToStdout(config.pools) ? io.stderr : io.stdout;
  return tellOutcome(outcome, { stream, jsonFile: summaryJson }, io);
}
