import { assemblePools } from '../config/assemblePools.js';
import type { Config } from '../config/config.js';
import { writesToStdout } from '../config/writesToStdout.js';
import type { Deps } from '../core/deps.js';
import { ExpvarTally } from '../dashboard/expvarTally.js';
import { type ExpvarServer, startExpvar } from '../dashboard/startExpvar.js';
import type { Pool } from '../engine/pool.js';
import { EXIT_CODES } from './exitCodes.js';
import type { Io } from './io.js';
import { printError } from './printError.js';
import type { SignalSource } from './signals.js';
import { tellOutcome } from './tellOutcome.js';
import { watchRun } from './watchRun.js';

/** Options of commands that shoot. */
export interface RunCommandOptions {
  /** Print nothing but errors. */
  readonly quiet?: boolean;
  /** File for the summary as JSON. */
  readonly summaryJson?: string;
}

/** Runs a checked config and tells what came of it. */
export async function runLoaded(
  { config, deps }: { readonly config: Config; readonly deps: Deps },
  { quiet = false, summaryJson }: RunCommandOptions,
  io: Io,
  source: SignalSource,
): Promise<number> {
  const { expvar } = config.monitoring;
  const tally = new ExpvarTally();
  let pools: readonly Pool[];
  let counters: ExpvarServer | undefined;
  try {
    pools = assemblePools(config.pools, deps);
    if (expvar.enabled) counters = await startExpvar(expvar.port, () => tally.counters());
  } catch (error) {
    printError(error, io);
    return EXIT_CODES.badUsage;
  }
  const outcome = await watchRun(pools, quiet, io, source, (event) => tally.see(event));
  await counters?.close();
  const stream = quiet ? undefined : writesToStdout(config.pools) ? io.stderr : io.stdout;
  return tellOutcome(outcome, { stream, jsonFile: summaryJson }, io);
}
