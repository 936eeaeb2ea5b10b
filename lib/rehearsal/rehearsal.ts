import type { EpochMs, Millis, PerSecond } from '../core/units.js';
import type { PoolEvent } from '../engine/runEvent.js';
import type { CapacityState } from '../measure/capacityState.js';
import type { RunEnding, RunVerdict, ThresholdState } from '../measure/runVerdict.js';
import type { SummarySnapshot } from '../measure/summary.js';

/** The results of a rehearsal for one pool. Moments are milliseconds from the start of the run; `null` for never. */
export interface RehearsedPool {
  readonly pool: string;
  /** Rates in slots of `slotMs`, from the start of the run. */
  readonly rates: {
    readonly slotMs: Millis;
    /** `null` when the schedule is a stream or unlimited. */
    readonly planned: readonly PerSecond[] | null;
    readonly started: readonly PerSecond[];
    readonly finished: readonly PerSecond[];
  };
  /** The largest number of instances that were busy at once. */
  readonly instancesNeeded: number;
  /** The first moment at which so many were busy. */
  readonly instancesNeededAt: Millis | null;
  readonly instancesStarted: number;
  /** The first moment at which ammo was needed and there was no more. */
  readonly ammoExhaustedAt: Millis | null;
  /** Planned moment of the first operation that had to wait for an instance, by 1 ms or more. */
  readonly overflowFrom: Millis | null;
  /** Planned moment of the first operation that was discarded. */
  readonly discardsFrom: Millis | null;
  /** Tags of the requests of scenarios without an entry in `responses`: checks and extractors got an empty body. */
  readonly withoutResponse: readonly string[];
  /** With `shares`: the largest number of operations of each share that were under way at once. */
  readonly busiestShares?: readonly number[];
}

/** The judgement of a rehearsed run. */
export interface RehearsedOutcome {
  readonly verdict: RunVerdict;
  readonly ending: RunEnding;
  /** When the run started, in epoch milliseconds of virtual time. */
  readonly startedAt: EpochMs;
  readonly thresholds?: readonly ThresholdState[];
}

/** The result of a rehearsal. */
export interface Rehearsal {
  /** The summaries as at the end of a real run: one per pool, in the order of the pools. */
  readonly summaries: readonly SummarySnapshot[];
  /** What the run proves, why it ended, and the states of its thresholds at the end; absent when it could not start. */
  readonly outcome?: RehearsedOutcome;
  /**
   * All events of the pools, in order. A pool has at most 256 windows: those of longer runs are merged with their
   * neighbours, and span 2, 4, 8 and so on of the original length. `onEvent` receives each window.
   */
  readonly events: readonly PoolEvent[];
  readonly pools: readonly RehearsedPool[];
  /** The end of the search for the capacity; absent without one. */
  readonly capacity?: CapacityState;
  /** Seed of all random numbers. */
  readonly seed: number;
  /** Length of the run in virtual time. */
  readonly durationMs: Millis;
  /** The error of the run; undefined when it succeeded. */
  readonly error: unknown;
}
