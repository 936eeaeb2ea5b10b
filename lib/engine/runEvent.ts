import type { Observable } from 'rxjs';
import type { Report } from '../core/aggregator.js';
import type { ErrorCode } from '../core/errors.js';
import type { EpochMs, Millis } from '../core/units.js';
import type { Histogram } from '../measure/histogram.js';
import type { SummarySnapshot } from '../measure/summary.js';
import type { Window } from '../measure/window.js';
import type { Pool } from './pool.js';

/** Live counters of a pool. */
export interface PoolProgress {
  /** Since the pool's first instance could start. */
  readonly elapsed: Millis;
  readonly requests: number;
  readonly responses: number;
  readonly inFlight: number;
  /** Instances that are running. */
  readonly instances: number;
  readonly instancesStarted: number;
  /** How many of them were started because an operation was due and no instance was free. */
  readonly instancesGrown: number;
  readonly discarded: number;
  readonly unfinished: number;
  /** Operations that completed without a sample, so no result contains them. */
  readonly withoutSample: number;
}

/** What one of several threads has done in a {@link Window}. */
export interface ThreadWindow {
  readonly thread: number;
  /** Operations that ended. */
  readonly ended: number;
  readonly lateness: Histogram;
}

/**
 * What happens to the pools of a run, in order. An error comes by the error channel, after every pool has been closed; before it, a
 * pool that failed sends its last window, its final reports and one more `progress` with its final counters.
 *
 * - `window`: all that the pool's samples have shown since the window before; once a second, and at the end of the samples. The
 *   windows of several threads come as one, merged exactly, with the part of each in `threads`.
 * - `pool-stopped`: a condition of the pool's operators holds, see `stopWhen`. `reason` is its text.
 * - `report`: what the configured results say of themselves.
 */
export type PoolEvent =
  | { readonly type: 'pool-started'; readonly pool: string; readonly at: EpochMs }
  | { readonly type: 'progress'; readonly pool: string; readonly at: EpochMs; readonly progress: PoolProgress }
  | {
      readonly type: 'window';
      readonly pool: string;
      readonly at: EpochMs;
      readonly window: Window;
      readonly threads?: readonly ThreadWindow[];
    }
  | { readonly type: 'pool-stopped'; readonly pool: string; readonly at: EpochMs; readonly reason: string }
  | { readonly type: 'report'; readonly pool: string; readonly at: EpochMs; readonly report: Report }
  | { readonly type: 'pool-finished'; readonly pool: string; readonly at: EpochMs; readonly progress: PoolProgress };

/** What is known of a pool before it starts. */
export type AnnouncedPool = Pick<Pool, 'id' | 'plan' | 'instances' | 'rpsPerInstance'>;

/** What failed a run, as plain data. */
export interface RunFailure {
  /** `undefined` for an error that is not an `ElpisError`. */
  readonly code: ErrorCode | undefined;
  readonly message: string;
}

/**
 * What happens in a run, in order.
 *
 * - `warning`: from the config (these come first) or from a component, at any time.
 * - `run-started`: all is checked and made; the pools start now. What fails before it has shot nothing.
 * - {@link PoolEvent}s, with the pool's id.
 * - `run-finished`: with the summary of every pool. It also comes when the run fails, with what was recorded until then and
 *   with what failed it, before the error.
 * - `observer-failed`: an observer threw or ended with an error. It gets no more events, and the run continues. The only event
 *   that may come after `run-finished`.
 */
export type RunEvent =
  | PoolEvent
  | {
      readonly type: 'run-started';
      readonly at: EpochMs;
      readonly pools: readonly AnnouncedPool[];
      /** How many threads share the run. */
      readonly threads: number;
      /** Of all random numbers of the run: with it another run has the same. Absent when the numbers were passed instead. */
      readonly seed?: number;
    }
  | {
      readonly type: 'warning';
      readonly at: EpochMs;
      readonly message: string;
      readonly fields: Readonly<Record<string, unknown>>;
    }
  | {
      readonly type: 'run-finished';
      readonly at: EpochMs;
      readonly summaries: readonly SummarySnapshot[];
      /** As in `run-started`. */
      readonly seed?: number;
      readonly failure?: RunFailure;
    }
  | { readonly type: 'observer-failed'; readonly at: EpochMs; readonly observer: string; readonly message: string };

/**
 * Watches a run: a function from its events to a stream that emits nothing and completes when the observer is done, such as
 * when its file is written. The live line, the summary and the counters of `expvar` are observers.
 *
 * - It is called and subscribed to once per run, before the first event.
 * - Events complete on every way out: when the run has ended, when it has failed, and when it is unsubscribed from. The run's
 *   error is not theirs; it is part of `run-finished`.
 * - It MUST handle an event synchronously and return soon: the shots wait meanwhile. What takes time is queued, with a bound.
 * - An observer that throws or errors never ends the run, see `observer-failed`.
 * - The run completes when its observers have, but waits 5 seconds at most.
 *
 * @example
 * const slowest: RunObserver = (events) =>
 *   events.pipe(
 *     filter((event) => event.type === 'window'),
 *     tap(({ window }) => console.log(percentile(window, 99))),
 *     ignoreElements(),
 *   );
 * run('./load.yaml', { observers: [slowest] }).subscribe();
 */
export type RunObserver = (events: Observable<RunEvent>) => Observable<never>;
