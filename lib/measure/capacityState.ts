import type { Millis, PerSecond } from '../core/units.js';
import type { ThresholdState } from './runVerdict.js';

/** One rate of a search for the capacity, with all that was measured at it. */
export interface CapacityStep {
  /** The rate that the plan had. */
  readonly perSecond: PerSecond;
  /** The rate at which operations ended. */
  readonly achieved: PerSecond;
  /** How long it was measured. */
  readonly measuredMs: Millis;
  readonly passes: boolean;
  /** Why it does not pass, as text; absent when it passes. */
  readonly limitedBy?: string;
  /** The states of the thresholds over everything that was measured at this rate. */
  readonly thresholds: readonly ThresholdState[];
}

/** The highest rate at which all thresholds pass. */
export interface CapacityEstimate {
  readonly perSecond: PerSecond;
  /** The highest rate that passed, below the lowest that did not. */
  readonly from: PerSecond;
  /** The lowest rate that did not pass; `null` when all rates up to the limit of the search passed. */
  readonly to: PerSecond | null;
  /** What limits it, as text; `null` when all rates passed. */
  readonly limitedBy: string | null;
}

/** The state of a search for the capacity. */
export interface CapacityState {
  readonly pool: string;
  /** The rate that is played now. */
  readonly perSecond: PerSecond;
  /** `recover`: a low rate until the target has recovered. `settle`: nothing is measured yet. `done`: it has ended. */
  readonly phase: 'recover' | 'settle' | 'measure' | 'done';
  /** The measured rates, in ascending order. */
  readonly steps: readonly CapacityStep[];
  /** The result; `null` until the end, and when no rate passed or the run ended too early. */
  readonly estimate: CapacityEstimate | null;
  /** The result, or why there is none, as a sentence; absent before the end. */
  readonly text?: string;
}
