import type { Observable } from 'rxjs';
import type { Command } from '../../operators/ticks/command.js';
import type { Report } from '../core/aggregator.js';
import type { ErrorCode } from '../core/errors.js';
import type { Bytes, EpochMs, Millis } from '../core/units.js';
import type { BadAmmo } from '../measure/badAmmo.js';
import type { CapacityState } from '../measure/capacityState.js';
import type { Histogram } from '../measure/histogram.js';
import type { KeptExchange } from '../measure/keptExchange.js';
import type { ProcessReading } from '../measure/processReading.js';
import type { RunEnding, RunVerdict, ThresholdState } from '../measure/runVerdict.js';
import type { SummarySnapshot } from '../measure/summary.js';
import type { VerdictSettings } from '../measure/verdict/limits.js';
import type { Window } from '../measure/window.js';
import type { WorkerState } from '../measure/workerState.js';
import type { Pool } from './pool.js';
import type { RunHandle } from './runHandle.js';

export type { RunEnding } from '../measure/runVerdict.js';

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
  /** Instances that were started because an operation was due and no instance was free. */
  readonly instancesGrown: number;
  readonly discarded: number;
  readonly unfinished: number;
  /** Operations that completed without a sample, so no result contains them. */
  readonly emptyShots: number;
}

/** The part of one of several threads in a {@link Window}. */
export interface ThreadWindow {
  readonly thread: number;
  /** Operations that ended. */
  readonly ended: number;
  readonly lateness: Histogram;
}

/**
 * The events of the pools of a run, in order. An error is emitted as the error of the stream, after every pool has
 * been closed; before it, a failed pool emits its last window, its final reports and one more `progress` with its
 * final counters.
 *
 * - `window`: the counts of the pool's samples since the window before; once a second, and at the end of the samples.
 *   The windows of several threads are merged exactly into one, with the part of each in `threads`.
 * - `pool-stopped`: a condition of the pool's operators holds, see `stopWhen`. `reason` is its text.
 * - `bad-ammo`: the bad items of ammo that were found, by kind; once at the end of a pool, also of a failed one, and only when
 *   there were any. Several threads may each emit one: they add up.
 * - `exchange`: an exchange that was bad or failed, kept as an example. There are few for each tag and reason.
 * - `share-lost`: a share of the run is lost, and the run continues. The operations that it leaves follow as unfinished, in a window
 *   of their own.
 * - `report`: a report of one of the configured results.
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
  | { readonly type: 'bad-ammo'; readonly pool: string; readonly at: EpochMs; readonly kinds: readonly BadAmmo[] }
  | {
      readonly type: 'share-lost';
      readonly pool: string;
      readonly at: EpochMs;
      /** Its number, as in `threads` of windows. */
      readonly share: number;
      /** Who played it, such as the name of a worker. */
      readonly player?: string;
      readonly reason: string;
      /** Operations of the pool that it has not reported and that no other share shoots; `null` when they are not known. */
      readonly missing: number | null;
      /** From this time on, other shares shoot its operations; `null` when none does. */
      readonly takenFrom: EpochMs | null;
    }
  | { readonly type: 'exchange'; readonly pool: string; readonly at: EpochMs; readonly exchange: KeptExchange }
  | { readonly type: 'report'; readonly pool: string; readonly at: EpochMs; readonly report: Report }
  | { readonly type: 'pool-finished'; readonly pool: string; readonly at: EpochMs; readonly progress: PoolProgress };

/** All workers of a run that is played in shares. */
export interface WorkersEvent {
  readonly type: 'workers';
  readonly at: EpochMs;
  readonly workers: readonly WorkerState[];
}

/** What the shares of a run emit together. */
export type PlayedEvent = PoolEvent | WorkersEvent;

/** The description of a pool before it starts. */
export type AnnouncedPool = Pick<Pool, 'id' | 'plan' | 'instances' | 'rpsPerInstance'>;

/** What a run states about itself, for records and reports: plain data without secrets. */
export interface RunFacts {
  readonly config: {
    /** Its path or URL, `stdin` or `config`. */
    readonly name: string;
    /** Its text as written, or its values as JSON; cut at a limit. */
    readonly text: string;
    /** The options of the command line that have replaced values of it, such as `--set pools.0.id=a`. */
    readonly overrides: readonly string[];
  };
  /** How the run is judged: the limits of its verdict, and when the verdict fails it. Absent in records of older versions. */
  readonly judging?: { readonly verdict: VerdictSettings; readonly failOn: 'degraded' | 'invalid' | null };
  readonly versions: { readonly elpis: string; readonly node: string };
  readonly host: {
    /** System and architecture, such as `linux x64`. */
    readonly platform: string;
    /** Processors that the process may use, and their model. */
    readonly cpus: number;
    readonly cpuModel: string;
    readonly memoryBytes: Bytes;
    /** The limit of open files and connections of the process; `null` when it is not known. */
    readonly openFilesLimit: number | null;
  };
}

/** The error of a run, as plain data. */
export interface RunFailure {
  /** `undefined` for an error that is not an `ElpisError`. */
  readonly code: ErrorCode | undefined;
  readonly message: string;
}

/**
 * The events of a run, in order.
 *
 * - `warning`: from the config (these are first) or from a component, at any time.
 * - `run-started`: all parts are checked and made; the pools start now. A run that fails before it has shot nothing.
 * - {@link PoolEvent}s, with the pool's id.
 * - `command`: an observer or the owner of the run has steered it; `pool` is absent for all pools.
 * - `annotation`: a remark by an observer, a rule or the run itself, such as why it stops.
 * - `workers`: the threads, processes or machines that play a run in shares; once a second, less often for more than 50, at each loss
 *   and at the end.
 * - `process`: what the process used since the event before; once a second. Absent in virtual time.
 * - `thresholds`: the states of all thresholds after a window, in the order of the config.
 * - `capacity`: a search for the capacity plays a new rate, measures, or has ended.
 * - `run-finished`: with the summary of every pool. When the run fails, it is emitted before the error, with the
 *   results until then and the error as plain data.
 * - `observer-failed`: an observer threw or ended with an error. It receives no more events, and the run continues.
 *   Only this event may follow `run-finished`.
 */
export type RunEvent =
  | PlayedEvent
  | {
      readonly type: 'run-started';
      readonly at: EpochMs;
      readonly pools: readonly AnnouncedPool[];
      /** Number of threads that share the run. */
      readonly threads: number;
      /**
       * Seed of all random numbers of the run; a run with the same seed has the same numbers. Absent when a generator
       * was passed instead.
       */
      readonly seed?: number;
      /** The config, the versions and the machine of the run. Absent for a run that was not made from a config. */
      readonly facts?: RunFacts;
    }
  | {
      readonly type: 'warning';
      readonly at: EpochMs;
      readonly message: string;
      readonly fields: Readonly<Record<string, unknown>>;
    }
  | { readonly type: 'command'; readonly at: EpochMs; readonly pool?: string; readonly command: Command }
  | { readonly type: 'annotation'; readonly at: EpochMs; readonly pool?: string; readonly text: string }
  | { readonly type: 'process'; readonly at: EpochMs; readonly reading: ProcessReading }
  | { readonly type: 'capacity'; readonly at: EpochMs; readonly state: CapacityState }
  | { readonly type: 'thresholds'; readonly at: EpochMs; readonly states: readonly ThresholdState[] }
  | {
      readonly type: 'run-finished';
      readonly at: EpochMs;
      readonly summaries: readonly SummarySnapshot[];
      /** As in `run-started`. */
      readonly seed?: number;
      readonly failure?: RunFailure;
      readonly ending?: RunEnding;
      readonly verdict?: RunVerdict;
      /** The last states of all thresholds; absent without thresholds. */
      readonly thresholds?: readonly ThresholdState[];
    }
  | { readonly type: 'observer-failed'; readonly at: EpochMs; readonly observer: string; readonly message: string };

/**
 * An observer of a run: a function from its events to a stream that emits nothing and completes when the observer has
 * finished, for example written its file. The live line, the summary and the counters of `expvar` are observers.
 *
 * - It is called and subscribed to once per run, before the first event.
 * - The events always complete: when the run has ended, has failed, or is unsubscribed from. They do not error; the
 *   error of the run is part of `run-finished`.
 * - It MUST handle an event synchronously and return soon, because the shots wait meanwhile. It MUST queue longer
 *   work, with a bound.
 * - An observer that throws or errors does not end the run, see `observer-failed`.
 * - The run completes when its observers have completed, after 5 seconds at most.
 *
 * @param handle Steers the run: pause, rate, stop, remarks.
 * @example
 * const slowest: RunObserver = (events) =>
 *   events.pipe(
 *     filter((event) => event.type === 'window'),
 *     tap(({ window }) => console.log(percentile(window, 99))),
 *     ignoreElements(),
 *   );
 * run('./load.yaml', { observers: [slowest] }).subscribe();
 */
export type RunObserver = (events: Observable<RunEvent>, handle: RunHandle) => Observable<never>;
