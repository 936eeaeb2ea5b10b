import { type MonoTypeOperatorFunction, Observable, type SchedulerLike, Subject, tap } from 'rxjs';
import { type RollUpOptions, rollUp } from '../../operators/samples/rollUp.js';
import type { EpochMs, Millis } from '../core/units.js';
import { EMPTY_LOOP, type LoopReading, LoopWatch } from '../measure/loopWatch.js';
import { CounterReader, type Counters, noCounters } from '../measure/counters.js';
import { isTimedSample } from '../measure/sampleTimes.js';
import { emptyWindow, type Window } from '../measure/window.js';
import type { NetSample } from '../protocols/netSample.js';
import { eventLoopTimes, realTimeScheduler } from '../time/realTime.js';
import type { Pool } from './pool.js';

/** The resolution of an epoch in milliseconds. */
const LEAST_MS: Millis = 0.001;

/** Real time passes in an event loop that can be blocked; any other clock has none. */
export function watchOf(scheduler: SchedulerLike): LoopWatch | undefined {
  return scheduler === realTimeScheduler ? new LoopWatch(scheduler, eventLoopTimes) : undefined;
}

/** Where the planned and the started operations of a window come from. */
export interface LoadSource {
  /** Operations planned before a moment; `null` when it is unknown. */
  readonly plannedBefore: (at: EpochMs) => number | null;
  /** Shots given to guns so far. */
  readonly started: () => number;
  /** Operations without ammo so far. Default: none. */
  readonly withoutAmmo?: () => number;
  /** What was counted besides samples so far. Default: nothing. */
  readonly counters?: () => Counters;
  /** What was seen of the event loop since the last call. Default: nothing. */
  readonly loop?: () => LoopReading;
}

/**
 * Operations that a pool's share of its plan has due before a moment; `null` when there is no plan, when it has no end, or when
 * every instance plays a copy of its own.
 *
 * @param startAt When the plan starts.
 */
export function plannedBefore(pool: Pool, startAt: EpochMs): LoadSource['plannedBefore'] {
  const { plan, rpsPerInstance, share: { index, of } = { index: 0, of: 1 } } = pool;
  if (plan === undefined || rpsPerInstance || plan.count === Number.POSITIVE_INFINITY) return () => null;
  return (at) => {
    const offsetNs = Math.round((at - startAt) * 1e6);
    const count = offsetNs <= 0 ? 0 : offsetNs > plan.durationNs ? plan.count : plan.countAt(offsetNs);
    return Math.max(0, Math.ceil((count - index) / of));
  };
}

/**
 * Passes samples on and reports the windows of them, with what was planned and started in each. The last window is reported
 * when the samples are over, before they complete or fail.
 */
export function withWindows(
  options: Omit<RollUpOptions, 'key'>,
  {
    plannedBefore: planned,
    started,
    withoutAmmo = () => 0,
    counters = noCounters,
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
        // The end of the last window belongs to it, as there is no next one.
        const now = planned(over ? window.to + LEAST_MS : window.to);
        const startedNow = started();
        const facts = {
          planned: now === null || plannedSoFar === null ? null : now - plannedSoFar,
          started: startedNow - startedBefore,
          withoutAmmo: withoutAmmo() - withoutAmmoBefore,
          counters: counted.take(),
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
        // A window of no length and no samples is not sent, but what happened at that moment counts.
        if (withoutAmmo() > withoutAmmoBefore) report(emptyWindow((options.scheduler ?? realTimeScheduler).now()));
      };
      const next = (sample: NetSample): void => {
        if (isTimedSample(sample)) recorded.next(sample);
      };
      samples.pipe(tap({ next, error: end, complete: end })).subscribe(destination);
    });
}
