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
import { hasRunUp } from '../config/assemblePools.js';
import { defined } from '../core/defined.js';
import { combineErrors } from '../core/errorContext.js';
import { ElpisError } from '../core/errors.js';
import type { Millis } from '../core/units.js';
import type { NamedObserver } from '../engine/observed.js';
import type { RunEvent } from '../engine/runEvent.js';
import type { StopOrder } from '../engine/runHandle.js';
import { GRACE_AFTER_FAILURE_MS } from '../engine/runPools.js';
import { uncaught } from '../engine/uncaught.js';
import type { RunEnding } from '../measure/runVerdict.js';
import { located } from '../plugin/userPlace.js';
import { runConfig } from '../run/runConfig.js';
import { displayOf } from './display.js';
import { EXIT_CODES } from './exitCodes.js';
import { exitCodeOfFailure, judgedConfig } from './judging.js';
import type { Runnable } from './loadRun.js';
import { observersOf, type Shooting } from './shooting.js';
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
  /** Why the run ended; undefined when it did not start. */
  readonly ending: RunEnding | undefined;
  /** The error of the run; undefined when it succeeded. */
  readonly error: unknown;
}

/** Options of {@link watchRun}. */
export interface WatchOptions {
  /** Prints no message at a signal. */
  readonly quiet: boolean;
  /** Has priority over the config. */
  readonly threads: number | undefined;
  /** Uncaught failures, each of which ends the run. */
  readonly failures: Observable<ElpisError>;
  readonly observers: readonly NamedObserver[];
  /** Lets observers steer the run. Default: as the config needs it. */
  readonly steerable?: boolean | undefined;
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

/** A run of the command line, with what is known of it so far. */
class WatchedRun {
  #started = false;
  #interruption: Interruption | undefined;
  #ending: RunEnding | undefined;
  readonly #observerFailures: string[] = [];
  readonly #uncaught: ElpisError[] = [];
  /** The pools that run. */
  readonly #open = new Set<string>();
  /** The signals, subscribed to until the end, so that none kills the process while results are being written. */
  readonly #signals = new ReplaySubject<Interruption>(1);
  readonly #subscriptions = new Subscription();

  constructor(
    private readonly runnable: Runnable,
    private readonly options: WatchOptions,
    private readonly io: Io,
    private readonly source: SignalSource,
  ) {}

  /** Runs to the end; called once. */
  outcome(): Promise<Outcome> {
    return new Promise((resolve) => {
      const finish = (error?: unknown): void => {
        this.#subscriptions.unsubscribe();
        resolve(this.#outcome(error));
      };
      this.#subscriptions.add(signals(this.source).subscribe(this.#signals));
      this.#subscriptions.add(
        concat(this.#watchdog(), this.#events()).subscribe({
          next: (event) => this.#see(event),
          error: finish,
          complete: () => finish(),
        }),
      );
    });
  }

  /** The start of the watchdog's thread takes 25 ms of a core. Where the first second is to be punctual, it comes first. */
  #watchdog(): Observable<never> {
    const awaited = this.runnable.config.pools.some(hasRunUp);
    return awaited ? from(this.source.watched ?? EMPTY).pipe(ignoreElements()) : EMPTY;
  }

  #events(): Observable<RunEvent> {
    const { config, deps, seed, mesh, processes } = this.runnable;
    const { threads, observers, steerable } = this.options;
    const failing = this.#failing();
    return runConfig(config, {
      ...{ deps, seed, mesh, processes, threads, observers },
      stops: merge(this.#interrupting(), failing),
      abandon: this.#abandon(failing),
      ...defined({ steerable }),
    });
  }

  #interrupting(): Observable<StopOrder> {
    return this.#signals.pipe(
      tap((interruption) => {
        this.#interruption = interruption;
        this.#tellOf(interruption);
      }),
      map(({ limitMs, signal }): StopOrder => ({ limitMs, ending: { by: 'user', text: signal } })),
    );
  }

  #tellOf({ limitMs, signal }: Interruption): void {
    const wait =
      limitMs > 0 ? `shots under way may take up to ${limitMs / 1000} s; a second signal stops at once` : 'now';
    if (!this.options.quiet) this.io.stderr.write(`${signal}: stopping, ${wait}\n`);
  }

  #failing(): Observable<StopOrder> {
    return this.options.failures.pipe(
      tap((failure) => this.#uncaught.push(failure)),
      map(({ message }): StopOrder => ({ limitMs: GRACE_AFTER_FAILURE_MS, ending: { by: 'failure', text: message } })),
      share(),
    );
  }

  /** Emits when parts of the run have not ended in time and are given up. */
  #abandon(failing: Observable<StopOrder>): Observable<ElpisError | undefined> {
    const { scheduler } = this.runnable.deps;
    const flushed = failing.pipe(
      delay(GRACE_AFTER_FAILURE_MS + FLUSH_MS, scheduler),
      map(() => undefined),
    );
    const ended = this.#signals.pipe(
      filter(({ limitMs }) => limitMs === 0),
      delay(ABANDON_MS, scheduler),
      map(() => abandoned(this.#open)),
    );
    return merge(flushed, ended);
  }

  #see(event: RunEvent): void {
    if (event.type === 'run-started') this.#started = true;
    else if (event.type === 'pool-started') this.#open.add(event.pool);
    else if (event.type === 'pool-finished') this.#open.delete(event.pool);
    else if (event.type === 'run-finished') this.#ending = event.ending;
    else if (event.type === 'observer-failed') this.#observerFailures.push(event.message);
  }

  #outcome(error: unknown): Outcome {
    const all = error === undefined ? this.#uncaught : [...this.#uncaught, located(error)];
    return {
      started: this.#started,
      interruption: this.#interruption,
      observerFailures: this.#observerFailures,
      ending: this.#ending,
      error: combineErrors(all),
    };
  }
}

/**
 * Runs a config to its end, with observers. Signals and uncaught failures drain it. It never rejects: a failure is
 * part of the outcome, besides the results before it.
 *
 * The second signal ends the run at once. Parts that have not ended 1 s later, such as a blocked thread or a sink
 * that does not drain, are given up, and the outcome is an error.
 */
export function watchRun(runnable: Runnable, options: WatchOptions, io: Io, source: SignalSource): Promise<Outcome> {
  return new WatchedRun(runnable, options, io, source).outcome();
}

/**
 * Prints the failures, and returns the exit code. Thresholds and the verdict of a run that was interrupted decide nothing, because it
 * is not complete.
 */
function exitCodeOf({ interruption, observerFailures, error, ending }: Outcome, io: Io): number {
  for (const failure of observerFailures) printError(failure, io);
  if (error !== undefined) printError(error, io);
  if (observerFailures.length > 0) return EXIT_CODES.runFailed;
  const failed = error === undefined ? EXIT_CODES.ok : exitCodeOfFailure(error, ending);
  return failed === EXIT_CODES.runFailed ? failed : (interruption?.exitCode ?? failed);
}

/** Runs a checked config, prints its summary, and returns the exit code. */
export async function runLoaded(runnable: Runnable, options: Shooting, io: Io, source: SignalSource): Promise<number> {
  const { quiet, threads } = options;
  const failOn = options.failOn ?? (options.strict ? 'degraded' : undefined);
  const config = judgedConfig(runnable.config, { threshold: options.threshold, failOn });
  // The entry of the command starts the watchdog at the first listener of a signal; no module is loaded after the first
  // shot.
  await import('./watchdog.js');
  const display = quiet
    ? undefined
    : await displayOf({ listed: config.observers.map(({ name }) => name), deps: runnable.deps }, options, io, source);
  // The screen goes before the summary is printed.
  const observers = [...(display?.observers ?? []), ...observersOf(runnable, options, io)];
  const failures = new Subject<ElpisError>();
  const listening = uncaught(source).subscribe(failures);
  const late: ElpisError[] = [];
  try {
    const steerable = options.dashboard !== undefined || display?.steers === true ? true : undefined;
    const watched = { quiet, threads, failures, observers, steerable };
    const outcome = await watchRun({ ...runnable, config }, watched, io, source);
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
