import { map, tap } from 'rxjs';
import type { SummarySnapshot } from '../aggregators/summary/summarySnapshot.js';
import { type RunnableConfig, runConfig } from '../run/runConfig.js';
import type { Io } from './io.js';
import { LiveProgress } from './liveProgress.js';
import { type Interruption, type SignalSource, signals } from './signals.js';

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
}

/**
 * Runs a config to its end, shows progress unless `quiet`, and lets signals drain it. It never rejects: a failure is part of
 * the outcome, beside what was recorded before it.
 */
export function watchRun(
  runnable: RunnableConfig,
  { quiet, threads }: WatchOptions,
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
    const finish = (error: unknown): void => {
      progress?.clear();
      resolve({ started, summaries, interruption, error });
    };
    runConfig(runnable, { threads, drain }).subscribe({
      next: (event) => {
        if (event.type === 'run-started') {
          started = true;
          if (!quiet) progress = new LiveProgress(event.pools, io);
        } else if (event.type === 'run-finished') summaries = event.summaries;
        else if (event.type !== 'warning') progress?.show(event);
      },
      error: finish,
      complete: () => finish(undefined),
    });
  });
}
