import { writesToStdout } from '../config/writesToStdout.js';
import type { RunnableConfig } from '../run/runConfig.js';
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
  /** Overrules the config's. */
  readonly threads?: number;
}

/** Runs a checked config and tells what came of it. */
export async function runLoaded(
  runnable: RunnableConfig,
  { quiet = false, summaryJson, threads }: RunCommandOptions,
  io: Io,
  source: SignalSource,
): Promise<number> {
  const outcome = await watchRun(runnable, { quiet, threads }, io, source);
  if (!outcome.started) {
    printError(outcome.error, io);
    return EXIT_CODES.badUsage;
  }
  const stream = quiet ? undefined : writesToStdout(runnable.config.pools) ? io.stderr : io.stdout;
  return tellOutcome(outcome, { stream, jsonFile: summaryJson }, io);
}
