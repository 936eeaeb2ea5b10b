import { writeFile } from 'node:fs/promises';
import { setImmediate as endOfTurn } from 'node:timers/promises';
import { delay, map, merge, type Observable, Subject, Subscription, share, tap } from 'rxjs';
import type { SummarySnapshot } from '../aggregators/summary/summarySnapshot.js';
import { writesToStdout } from '../config/writesToStdout.js';
import { blame, combineErrors } from '../core/blame.js';
import type { ElpisError } from '../core/errors.js';
import type { Millis } from '../core/units.js';
import { GRACE_AFTER_FAILURE_MS } from '../engine/runPools.js';
import { uncaught } from '../engine/uncaught.js';
import { located } from '../plugin/userPlace.js';
import { summaryJson } from '../report/summaryJson.js';
import { summaryText } from '../report/summaryText.js';
import { type RunnableConfig, runConfig } from '../run/runConfig.js';
import { EXIT_CODES } from './exitCodes.js';
import { LiveProgress } from './liveProgress.js';
import { loadRun } from './loadRun.js';
import { type Interruption, type SignalSource, signals } from './signals.js';
import { type Io, printError, useColour } from './terminal.js';

/** How long results may still be flushed after the shots of a run that has failed outside any call; then it is aborted. */
const FLUSH_MS: Millis = 10_000;

/** What a run came to. */
export interface Outcome {
  /** False when it failed before its pools started, and so nothing was shot. */
  readonly started: boolean;
  /** One per pool, in the order of the pools. */
  readonly summaries: readonly SummarySnapshot[];
  /** The signal that ended the run, if one did. */
  readonly interruption: Interruption | undefined;
  /** What failed the run; undefined when nothing did. */
  readonly error: unknown;
}

/** How a run is watched. */
export interface WatchOptions {
  /** Shows no progress. */
  readonly quiet: boolean;
  /** Overrules the config's. */
  readonly threads: number | undefined;
  /** Failures of code that Elpis did not call; each ends the run. */
  readonly failures: Observable<ElpisError>;
}

/**
 * Runs a config to its end, shows progress unless `quiet`, and lets signals drain it; a failure of code that Elpis did not
 * call drains it too. It never rejects: a failure is part of the outcome, beside what was recorded before it.
 */
export function watchRun(
  runnable: RunnableConfig,
  { quiet, threads, failures }: WatchOptions,
  io: Io,
  source: SignalSource,
): Promise<Outcome> {
  return new Promise((resolve) => {
    let progress: LiveProgress | undefined;
    let summaries: readonly SummarySnapshot[] = [];
    let started = false;
    let interruption: Interruption | undefined;
    const drain = signals(source).pipe(
      tap((asked) => {
        interruption = asked;
        const wait =
          asked.limitMs > 0 ? `shots under way may take ${asked.limitMs / 1000} s; again to stop at once` : 'now';
        if (!quiet) io.stderr.write(`${asked.signal}: stopping, ${wait}\n`);
      }),
      map(({ limitMs }) => limitMs),
    );
    const failed: ElpisError[] = [];
    const failing = failures.pipe(
      tap((failure) => failed.push(failure)),
      map(() => GRACE_AFTER_FAILURE_MS),
      share(),
    );
    const running = new Subscription();
    const finish = (error?: unknown): void => {
      running.unsubscribe();
      progress?.clear();
      const all = error === undefined ? failed : [...failed, located(error)];
      resolve({ started, summaries, interruption, error: combineErrors(all) });
    };
    const overdue = failing.pipe(delay(GRACE_AFTER_FAILURE_MS + FLUSH_MS, runnable.deps.scheduler));
    running.add(overdue.subscribe(() => finish()));
    const events = runConfig(runnable, { threads, drain: merge(drain, failing) }).subscribe({
      next: (event) => {
        if (event.type === 'run-started') {
          started = true;
          if (!quiet) progress = new LiveProgress(event.pools, io);
        } else if (event.type === 'run-finished') summaries = event.summaries;
        else if (event.type !== 'warning') progress?.show(event);
      },
      error: finish,
      complete: () => finish(),
    });
    running.add(events);
  });
}

/** Where an outcome is printed. */
export interface TellOptions {
  /** Where the summary goes; undefined for nowhere. */
  readonly stream: Io['stdout'] | undefined;
  /** File for the summary as JSON. */
  readonly jsonFile: string | undefined;
}

/** Prints the summary, what failed, and the JSON file; returns the exit code. */
async function printOutcome(
  { summaries, interruption, error }: Outcome,
  { stream, jsonFile }: TellOptions,
  io: Io,
): Promise<number> {
  if (stream !== undefined && summaries.length > 0) {
    const text = summaryText(summaries, { colour: useColour(stream, io.env), width: stream.columns ?? 100 });
    stream.write(`${text}\n`);
  }
  let code: number = interruption?.exitCode ?? EXIT_CODES.ok;
  if (error !== undefined) {
    printError(error, io);
    code = EXIT_CODES.runFailed;
  }
  if (jsonFile === undefined) return code;
  try {
    await writeFile(jsonFile, `${JSON.stringify(summaryJson(summaries), null, 2)}\n`);
    return code;
  } catch (cause) {
    printError(blame(cause, {}, { code: 'ELPIS_SINK', what: 'the summary cannot be written' }), io);
    return EXIT_CODES.runFailed;
  }
}

/** Options of commands that shoot. */
export interface RunCommandOptions {
  /** Print nothing but errors. */
  readonly quiet?: boolean;
  /** File for the summary as JSON. */
  readonly summaryJson?: string;
  /** Overrules the config's. */
  readonly threads?: number;
}

/** Runs a checked config and prints its outcome. */
export async function runLoaded(
  runnable: RunnableConfig,
  { quiet = false, summaryJson, threads }: RunCommandOptions,
  io: Io,
  source: SignalSource,
): Promise<number> {
  const failures = new Subject<ElpisError>();
  const listening = uncaught(source).subscribe(failures);
  const late: ElpisError[] = [];
  try {
    const outcome = await watchRun(runnable, { quiet, threads, failures }, io, source);
    listening.add(failures.subscribe((failure) => late.push(failure)));
    if (!outcome.started) {
      printError(outcome.error, io);
      return EXIT_CODES.badUsage;
    }
    const stream = quiet ? undefined : writesToStdout(runnable.config.pools) ? io.stderr : io.stdout;
    const code = await printOutcome(outcome, { stream, jsonFile: summaryJson }, io);
    for (const failure of late) printError(failure, io);
    return late.length === 0 ? code : EXIT_CODES.runFailed;
  } finally {
    listening.unsubscribe();
  }
}

/** `elpis run`: reads a config, shoots, shows progress, prints the summary, and returns an exit code. */
export async function runCommand(
  location: string | undefined,
  options: RunCommandOptions,
  io: Io,
  source: SignalSource,
): Promise<number> {
  const failures: ElpisError[] = [];
  const loading = uncaught(source).subscribe((failure) => failures.push(failure));
  const loaded = await loadRun(location, io, { quiet: options.quiet === true, shooting: true });
  // Node reports an unhandled rejection at the end of the turn in which it happens.
  await endOfTurn();
  loading.unsubscribe();
  const failure = combineErrors(failures);
  if (failure !== undefined) printError(failure, io);
  return loaded === undefined || failure !== undefined ? EXIT_CODES.badUsage : runLoaded(loaded, options, io, source);
}
