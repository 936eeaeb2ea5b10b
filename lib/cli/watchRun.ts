import {
  concat,
  delay,
  EMPTY,
  filter,
  from,
  ignoreElements,
  map,
  merge,
  type Observable,
  ReplaySubject,
  Subject,
  Subscription,
  share,
  tap,
} from 'rxjs';
import { nonEmpty } from '../codec/scalars.js';
import { hasRunUp } from '../config/assemblePools.js';
import { isSameFile } from '../config/fileIssues.js';
import { seedCodec, threadsCodec } from '../config/mainCodec.js';
import { writesToStdout } from '../config/writesToStdout.js';
import { combineErrors } from '../core/errorContext.js';
import { defined } from '../core/defined.js';
import { ElpisError } from '../core/errors.js';
import type { Millis } from '../core/units.js';
import type { NamedObserver } from '../engine/observed.js';
import { GRACE_AFTER_FAILURE_MS } from '../engine/runPools.js';
import { uncaught } from '../engine/uncaught.js';
import { showLiveLine } from '../observers/liveLine.js';
import { writeRecordTo } from '../observers/record.js';
import { writeSummaryTo } from '../observers/summaryJson.js';
import { printSummaryTo } from '../observers/summaryText.js';
import { located } from '../plugin/userPlace.js';
import type { TextStream } from '../report/format.js';
import { runConfig } from '../run/runConfig.js';
import { flag, type Given, value } from './command.js';
import { EXIT_CODES } from './exitCodes.js';
import type { Runnable } from './loadRun.js';
import { type Interruption, type SignalSource, signals } from './signals.js';
import { type Io, printError } from './terminal.js';

/** The time limit to flush results after an uncaught failure; then the run is aborted. */
const FLUSH_MS: Millis = 10_000;

/** The time limit of the end of a run after the second signal. */
const ABANDON_MS: Millis = 1000;

/** The outcome of a run. */
export interface Outcome {
  /** False when it failed before its pools started, so that nothing was shot. */
  readonly started: boolean;
  /** The signal that ended the run, if one did. */
  readonly interruption: Interruption | undefined;
  /** The failures of observers, one sentence each. */
  readonly observerFailures: readonly string[];
  /** The error of the run; undefined when it succeeded. */
  readonly error: unknown;
}

/** Options of {@link watchRun}. */
export interface WatchOptions {
  /** Prints no message at a signal. */
  readonly quiet: boolean;
  /** Has priority over the config. */
  readonly threads: number | undefined;
  /** Has priority over the config. */
  readonly strict?: boolean | undefined;
  /** Uncaught failures, each of which ends the run. */
  readonly failures: Observable<ElpisError>;
  readonly observers: readonly NamedObserver[];
}

/** The error after the second signal, with the pools that have not ended. */
function abandoned(pools: ReadonlySet<string>): ElpisError {
  const which = pools.size === 0 ? 'results' : `pools ${[...pools].map((pool) => `"${pool}"`).join(', ')}`;
  return new ElpisError(
    'ELPIS_ABANDONED',
    `the run had not ended ${ABANDON_MS / 1000} s after the second signal, and is given up; not finished: ${which}`,
    { hint: 'a pipe without a reader, a disk that hangs, or a gun or an operator that blocks its thread' },
  );
}

/**
 * Runs a config to its end, with observers. Signals and uncaught failures drain it. It never rejects: a failure is
 * part of the outcome, besides the results before it.
 *
 * The second signal ends the run at once. Parts that have not ended 1 s later, such as a blocked thread or a sink
 * that does not drain, are given up, and the outcome is an error.
 */
export function watchRun(
  { config, deps, seed }: Runnable,
  { quiet, threads, strict, failures, observers }: WatchOptions,
  io: Io,
  source: SignalSource,
): Promise<Outcome> {
  return new Promise((resolve) => {
    let started = false;
    let interruption: Interruption | undefined;
    const observerFailures: string[] = [];
    const { scheduler } = deps;
    const open = new Set<string>();
    const running = new Subscription();
    // Subscribed to until the end, so that no signal kills the process while results are being written.
    const asked = new ReplaySubject<Interruption>(1);
    running.add(signals(source).subscribe(asked));
    const drain = asked.pipe(
      tap((interrupting) => {
        const { limitMs, signal } = interrupting;
        interruption = interrupting;
        const wait =
          limitMs > 0 ? `shots under way may take up to ${limitMs / 1000} s; a second signal stops at once` : 'now';
        if (!quiet) io.stderr.write(`${signal}: stopping, ${wait}\n`);
      }),
      map(({ limitMs }) => limitMs),
    );
    const failed: ElpisError[] = [];
    const failing = failures.pipe(
      tap((failure) => failed.push(failure)),
      map(() => GRACE_AFTER_FAILURE_MS),
      share(),
    );
    const finish = (error?: unknown): void => {
      running.unsubscribe();
      const all = error === undefined ? failed : [...failed, located(error)];
      resolve({ started, interruption, observerFailures, error: combineErrors(all) });
    };
    const abandon = merge(
      failing.pipe(
        delay(GRACE_AFTER_FAILURE_MS + FLUSH_MS, scheduler),
        map(() => undefined),
      ),
      asked.pipe(
        filter(({ limitMs }) => limitMs === 0),
        delay(ABANDON_MS, scheduler),
        map(() => abandoned(open)),
      ),
    );
    // The start of the watchdog's thread takes 25 ms of a core. Where the first second is to be punctual, it comes first.
    const watched = config.pools.some(hasRunUp) ? from(source.watched ?? EMPTY).pipe(ignoreElements()) : EMPTY;
    const run = runConfig(config, { deps, seed, threads, strict, drain: merge(drain, failing), abandon, observers });
    running.add(
      concat(watched, run).subscribe({
        next: (event) => {
          if (event.type === 'run-started') started = true;
          else if (event.type === 'pool-started') open.add(event.pool);
          else if (event.type === 'pool-finished') open.delete(event.pool);
          else if (event.type === 'observer-failed') observerFailures.push(event.message);
        },
        error: finish,
        complete: () => finish(),
      }),
    );
  });
}

/** Prints the failures, and returns the exit code. */
function exitCodeOf({ interruption, observerFailures, error }: Outcome, io: Io): number {
  for (const failure of observerFailures) printError(failure, io);
  if (error !== undefined) printError(error, io);
  if (error !== undefined || observerFailures.length > 0) return EXIT_CODES.runFailed;
  return interruption?.exitCode ?? EXIT_CODES.ok;
}

/** The options of every command that shoots. */
export const SHOOTING = {
  threads: value(
    'n',
    threadsCodec,
    'number of threads that share the run, or auto; it has priority over threads of the config',
  ),
  seed: value('n', seedCodec, 'seed of all random numbers; the same seed gives the same values'),
  strict: flag('fail (exit code 1) when operations were not shot or the generator was late; the results are written'),
  quiet: flag('print nothing but errors', 'q'),
  summaryJson: value('file', nonEmpty, 'write the summary as JSON'),
  record: value('file', nonEmpty, 'write the events of the run, to show, judge and compare it later: run.elp'),
};

/**
 * The files that the options write, by option.
 *
 * @throws ElpisError `ELPIS_USAGE` when two of them are one file.
 */
export function outputsOf({
  summaryJson,
  record,
}: Pick<Shooting, 'record'> & { readonly summaryJson?: string | undefined }): Readonly<Record<string, string>> {
  const outputs = defined({ '--summary-json': summaryJson, '--record': record });
  const [one, other] = Object.entries(outputs);
  if (one !== undefined && other !== undefined && isSameFile(one[1], other[1])) {
    const hint = 'give each its own file';
    throw new ElpisError('ELPIS_USAGE', `${other[0]} ${other[1]} is also the file of ${one[0]}`, { hint });
  }
  return outputs;
}

/** The values of these options. */
export type Shooting = Given<typeof SHOOTING>;

/** The displays of a run: its progress on stderr, and its summary. */
export function displaysOf(summary: TextStream, { stderr, env }: Io): readonly NamedObserver[] {
  return [
    { name: 'live-line', observer: showLiveLine({ stream: stderr, env }) },
    { name: 'summary-text', observer: printSummaryTo({ stream: summary, env }) },
  ];
}

/** The observers that the command line selects. An observer that the config already lists is not added again. */
function observersOf(
  { config, deps: { scheduler, log } }: Runnable,
  { quiet, summaryJson, record }: Shooting,
  io: Io,
): readonly NamedObserver[] {
  const listed = new Set(config.observers.map(({ name }) => name));
  const stream = writesToStdout(config.pools) ? io.stderr : io.stdout;
  return [
    ...(quiet ? [] : displaysOf(stream, io).filter(({ name }) => !listed.has(name))),
    ...(summaryJson === undefined ? [] : [{ name: 'summary-json', observer: writeSummaryTo({ file: summaryJson }) }]),
    ...(record === undefined ? [] : [{ name: 'record', observer: writeRecordTo({ file: record, scheduler, log }) }]),
  ];
}

/** Runs a checked config, prints its summary, and returns the exit code. */
export async function runLoaded(runnable: Runnable, options: Shooting, io: Io, source: SignalSource): Promise<number> {
  const { quiet, threads } = options;
  const strict = options.strict ? true : undefined;
  // The entry of the command starts the watchdog at the first listener of a signal; no module is loaded after the first
  // shot.
  await import('./watchdog.js');
  const observers = observersOf(runnable, options, io);
  const failures = new Subject<ElpisError>();
  const listening = uncaught(source).subscribe(failures);
  const late: ElpisError[] = [];
  try {
    const outcome = await watchRun(runnable, { quiet, threads, strict, failures, observers }, io, source);
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
