import { map, type Observable, tap } from 'rxjs';
import { isSummarySnapshot, type SummarySnapshot } from '../aggregators/summary/summarySnapshot.js';
import type { Millis } from '../core/units.js';
import type { Pool } from '../engine/pool.js';
import type { PoolEvent } from '../engine/poolEvent.js';
import { runPools } from '../engine/runPools.js';
import type { Io } from './io.js';
import { LiveProgress } from './liveProgress.js';
import { type Interruption, type SignalSource, signals } from './signals.js';

/** What a run came to. */
export interface Outcome {
  /** One per pool, in the order of the pools. */
  readonly summaries: readonly SummarySnapshot[];
  /** The signal that ended the run, if one did. */
  readonly interruption: Interruption | undefined;
  /** What failed the run; undefined when nothing did. */
  readonly error: unknown;
}

/**
 * Runs pools to their end, shows progress unless `quiet`, and lets signals drain them. It never rejects: a failure is part
 * of the outcome, beside what was recorded before it.
 *
 * @param see Is shown every event.
 * @param start Starts the run; by default the pools in this thread.
 */
export function watchRun(
  pools: readonly Pool[],
  quiet: boolean,
  io: Io,
  source: SignalSource,
  see: (event: PoolEvent) => void,
  start: (drain: Observable<Millis>) => Observable<PoolEvent> = (drain) => runPools(pools, { drain }),
): Promise<Outcome> {
  return new Promise((resolve) => {
    const summaries: SummarySnapshot[] = [];
    const progress = new LiveProgress(pools, io);
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
      progress.clear();
      const inOrder = pools.flatMap(({ id }) => summaries.filter(({ pool }) => pool === id));
      resolve({ summaries: inOrder, interruption, error });
    };
    start(drain).subscribe({
      next: (event: PoolEvent) => {
        see(event);
        if (!quiet) progress.show(event);
        if (event.type === 'report' && isSummarySnapshot(event.report.detail)) summaries.push(event.report.detail);
      },
      error: finish,
      complete: () => finish(undefined),
    });
  });
}
