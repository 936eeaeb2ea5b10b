import { type MonoTypeOperatorFunction, Observable, type SchedulerLike, Subject, tap } from 'rxjs';
import { type RollUpOptions, rollUp } from '../../operators/samples/rollUp.js';
import type { EpochMs, Millis } from '../core/units.js';
import { type ConnectionCounts, NO_CONNECTIONS } from '../measure/connectionCounts.js';
import { CounterReader, type Counters, noCounters } from '../measure/counters.js';
import { EMPTY_LOOP, type LoopReading, LoopWatch } from '../measure/loopWatch.js';
import { isTimedSample } from '../measure/sampleTimes.js';
import { emptyWindow, type Window } from '../measure/window.js';
import type { NetSample } from '../protocols/netSample.js';
import { watchGc } from '../time/gcPauses.js';
import { eventLoopTimes, isRealTime, realTimeScheduler } from '../time/realTime.js';
import type { Pool } from './pool.js';

/** The resolution of epoch milliseconds as a float. */
const MIN_MS: Millis = 0.001;

/** Only real time has an event loop that can be blocked. */
export function watchOf(scheduler: SchedulerLike): LoopWatch | undefined {
  return isRealTime(scheduler) ? new LoopWatch(scheduler, eventLoopTimes, watchGc) : undefined;
}

/** The sources of the counters of a window. */
export interface LoadSource {
  /** Operations planned before a moment; `null` when it is unknown. */
  readonly plannedBefore: (at: EpochMs) => number | null;
  /** Shots given to guns so far. */
  readonly started: () => number;
  /** Operations without ammo so far. Default: none. */
  readonly withoutAmmo?: () => number;
  /** Counters besides samples so far. Default: none. */
  readonly counters?: () => Counters;
  /** The connections of the guns since the last call. Default: none. */
  readonly connections?: () => ConnectionCounts;
  /** The measurements of the event loop since the last call. Default: none. */
  readonly loop?: () => LoopReading;
}

/**
 * The number of operations of a pool's share of the plan that are due before a moment; `null` without a plan, for an
 * endless one, or when every instance plays its own copy.
 *
 * @param startAt When the plan starts.
 */
export function plannedBefore(pool: Pool, startAt: EpochMs): LoadSource['plannedBefore'] {
  const { plan, rpsPerInstance, share: { index, of } = { index: 0, of: 1 } } = pool;
  if (plan === undefined || rpsPerInstance || plan.count === Number.POSITIVE_INFINITY) return () => null;
  const before = (at: EpochMs): number => {
    const offsetNs = Math.round((at - startAt) * 1e6);
    const count = offsetNs <= 0 ? 0 : offsetNs > plan.durationNs ? plan.count : plan.countAt(offsetNs);
    return Math.max(0, Math.ceil((count - index) / of));
  };
  if (pool.from === undefined) return before;
  const skipped = before(pool.from);
  return (at) => Math.max(0, before(at) - skipped);
}

/**
 * Passes samples and reports their windows, with the planned and started operations of each. The last window is
 * reported before the samples complete or fail.
 */
export function withWindows(
  options: Omit<RollUpOptions, 'key'>,
  {
    plannedBefore: planned,
    started,
    withoutAmmo = () => 0,
    counters = noCounters,
    connections = () => NO_CONNECTIONS,
    loop = () => EMPTY_LOOP,
  }: LoadSource,
  onWindow: (window: Window) => void,
): MonoTypeOperatorFunction<NetSample> {
  return (samples) =>
    new Observable<NetSample>((destination) => {
      const recorded = new Subject<NetSample>();
      let startedBefore = 0;
      let withoutAmmoBefore = 0;
      let plannedSoFar: number | null = 0;
      let over = false;
      const counted = new CounterReader(counters);
      const report = (window: Window): void => {
        // The end of the last window belongs to it, because there is no next one.
        const now = planned(over ? window.to + MIN_MS : window.to);
        const startedNow = started();
        const facts = {
          planned: now === null || plannedSoFar === null ? null : now - plannedSoFar,
          started: startedNow - startedBefore,
          withoutAmmo: withoutAmmo() - withoutAmmoBefore,
          counters: counted.take(),
          connections: connections(),
          loop: loop(),
        };
        plannedSoFar = now;
        startedBefore = startedNow;
        withoutAmmoBefore = withoutAmmo();
        onWindow({ ...window, ...facts });
      };
      destination.add(recorded.pipe(rollUp(options)).subscribe(report));
      const end = (): void => {
        over = true;
        recorded.complete();
        // A window without length and samples is not emitted, but its counters are added.
        if (withoutAmmo() > withoutAmmoBefore) report(emptyWindow((options.scheduler ?? realTimeScheduler).now()));
      };
      const next = (sample: NetSample): void => {
        if (isTimedSample(sample)) recorded.next(sample);
      };
      samples.pipe(tap({ next, error: end, complete: end })).subscribe(destination);
    });
}
