import { setImmediate as endOfTurn } from 'node:timers/promises';
import { delay, map, merge, type Observable, Subject, Subscription, share, tap } from 'rxjs';
import { writesToStdout } from '../config/writesToStdout.js';
import { combineErrors } from '../core/blame.js';
import type { ElpisError } from '../core/errors.js';
import type { Millis } from '../core/units.js';
import { GRACE_AFTER_FAILURE_MS } from '../engine/runPools.js';
import { uncaught } from '../engine/uncaught.js';
import { showLiveLine } from '../observers/liveLine.js';
import { writeSummaryTo } from '../observers/summaryJson.js';
import { printSummaryTo } from '../observers/summaryText.js';
import { located } from '../plugin/userPlace.js';
import type { NamedObserver } from '../run/observed.js';
import { runConfig } from '../run/runConfig.js';
import { EXIT_CODES } from './exitCodes.js';
import { type LoadedRun, loadRun } from './loadRun.js';
import { type Interruption, type SignalSource, signals } from './signals.js';
import { type Io, printError } from './terminal.js';

/** How long results may still be flushed after the shots of a run that has failed outside any call; then it is aborted. */
const FLUSH_MS: Millis = 10_000;

/** What a run came to. */
export interface Outcome {
  /** False when it failed before its pools started, and so nothing was shot. */
  readonly started: boolean;
  /** The signal that ended the run, if one did. */
  readonly interruption: Interruption | undefined;
  /** What observers failed with, one sentence each. */
  readonly observerFailures: readonly string[];
  /** What failed the run; undefined when nothing did. */
  readonly error: unknown;
}

/** How a run is watched. */
export interface WatchOptions {
  /** Reports no signals. */
  readonly quiet: boolean;
  /** Overrules the config's. */
  readonly threads: number | undefined;
  /** Failures of code that Elpis did not call; each ends the run. */
  readonly failures: Observable<ElpisError>;
  readonly observers: readonly NamedObserver[];
}

/**
 * Runs a config to its end, with observers, and lets signals drain it; a failure of code that Elpis did not
 * call drains it too. It never rejects: a failure is part of the outcome, beside what was recorded before it.
 */
export function watchRun(
  runnable: LoadedRun,
  { quiet, threads, failures, observers }: WatchOptions,
  io: Io,
  source: SignalSource,
): Promise<Outcome> {
  return new Promise((resolve) => {
    let started = false;
    let interruption: Interruption | undefined;
    const observerFailures: string[] = [];
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
      const all = error === undefined ? failed : [...failed, located(error)];
      resolve({ started, interruption, observerFailures, error: combineErrors(all) });
    };
    const overdue = failing.pipe(delay(GRACE_AFTER_FAILURE_MS + FLUSH_MS, runnable.deps.scheduler));
    running.add(overdue.subscribe(() => finish()));
    const events = runConfig(runnable.config, {
      deps: runnable.deps,
      threads,
      drain: merge(drain, failing),
      observers,
    }).subscribe({
      next: (event) => {
        if (event.type === 'run-started') started = true;
        else if (event.type === 'observer-failed') observerFailures.push(event.message);
      },
      error: finish,
      complete: () => finish(),
    });
    running.add(events);
  });
}

/** Prints what failed, and returns the exit code. */
function exitCodeOf({ interruption, observerFailures, error }: Outcome, io: Io): number {
  for (const failure of observerFailures) printError(failure, io);
  if (error !== undefined) printError(error, io);
  if (error !== undefined || observerFailures.length > 0) return EXIT_CODES.runFailed;
  return interruption?.exitCode ?? EXIT_CODES.ok;
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

/** The observers that the command line selects. One that the config already lists is not added again. */
function observersOf(
  { config }: LoadedRun,
  { quiet = false, summaryJson }: RunCommandOptions,
  io: Io,
): readonly NamedObserver[] {
  const { stderr, env } = io;
  const listed = new Set(config.observers.map(({ name }) => name));
  const stream = writesToStdout(config.pools) ? stderr : io.stdout;
  const people: readonly NamedObserver[] = [
    { name: 'live-line', observer: showLiveLine({ stream: stderr, env }) },
    { name: 'summary-text', observer: printSummaryTo({ stream, env }) },
  ];
  return [
    ...(quiet ? [] : people.filter(({ name }) => !listed.has(name))),
    ...(summaryJson === undefined ? [] : [{ name: 'summary-json', observer: writeSummaryTo({ file: summaryJson }) }]),
  ];
}

/** Runs a checked config, prints its summary, and returns the exit code. */
export async function runLoaded(
  runnable: LoadedRun,
  options: RunCommandOptions,
  io: Io,
  source: SignalSource,
): Promise<number> {
  const { quiet = false, threads } = options;
  const observers = observersOf(runnable, options, io);
  const failures = new Subject<ElpisError>();
  const listening = uncaught(source).subscribe(failures);
  const late: ElpisError[] = [];
  try {
    const outcome = await watchRun(runnable, { quiet, threads, failures, observers }, io, source);
    listening.add(failures.subscribe((failure) => late.push(failure)));
    if (!outcome.started) {
      printError(outcome.error, io);
      return EXIT_CODES.badUsage;
    }
    const code = exitCodeOf(outcome, io);
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
