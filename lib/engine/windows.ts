import { type MonoTypeOperatorFunction, Observable, Subject, tap } from 'rxjs';
import { type RollUpOptions, rollUp } from '../../operators/samples/rollUp.js';
import type { EpochMs, Millis } from '../core/units.js';
import { CounterReader, type Counters, noCounters } from '../measure/counters.js';
import { isTimedSample } from '../measure/sampleTimes.js';
import type { Window } from '../measure/window.js';
import type { NetSample } from '../protocols/netSample.js';
import type { Pool } from './pool.js';

/** The resolution of an epoch in milliseconds. */
const LEAST_MS: Millis = 0.001;

/** Where the planned and the started operations of a window come from. */
export interface LoadSource {
  /** Operations planned before a moment; `null` when it is unknown. */
  readonly plannedBefore: (at: EpochMs) => number | null;
  /** Shots given to guns so far. */
  readonly started: () => number;
  /** What was counted besides samples so far. Default: nothing. */
  readonly counters?: () => Counters;
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
  { plannedBefore: planned, started, counters = noCounters }: LoadSource,
  onWindow: (window: Window) => void,
): MonoTypeOperatorFunction<NetSample> {
  return (samples) =>
    new Observable<NetSample>((destination) => {
      const recorded = new Subject<NetSample>();
      let startedBefore = 0;
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
          counters: counted.take(),
        };
        plannedSoFar = now;
        startedBefore = startedNow;
        onWindow({ ...window, ...facts });
      };
      destination.add(recorded.pipe(rollUp(options)).subscribe(report));
      const end = (): void => {
        over = true;
        recorded.complete();
      };
      const next = (sample: NetSample): void => {
        if (isTimedSample(sample)) recorded.next(sample);
      };
      samples.pipe(tap({ next, error: end, complete: end })).subscribe(destination);
    });
}
