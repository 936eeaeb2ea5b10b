import type { EpochMs, Nanos, PerSecond } from './units.js';

/**
 * The pure mathematics of a load profile: no clock inside, so it is tested by tables and properties.
 *
 * Offsets are nanoseconds from the start of the plan. Each is computed from the index alone, so rounding never
 * accumulates. Implementations MUST keep `atNs` non-decreasing and `countAt` its inverse:
 * `countAt(t)` is the number of operations with `atNs(i) < t`, for `t` up to the duration.
 */
export interface Plan {
  /** How many operations there are; `Infinity` when only the speed of the target limits them (see {@link Plan.unlimited}). */
  readonly count: number;
  /** Nominal length. The next part of a composite starts here, not at the last operation. */
  readonly durationNs: Nanos;
  /** Offset of operation `index`, for `0 <= index < count`. */
  atNs(index: number): Nanos;
  /**
   * True when `atNs` accepts a fractional index, too, and returns the moment by which that many operations are due. A formula does,
   * so its rate can be scaled exactly; any other plan is interpolated between its operations.
   */
  readonly fractional?: boolean;
  /** Number of operations that are due before `offsetNs`. */
  countAt(offsetNs: Nanos): number;
  /** Planned rate at `offsetNs`; `Infinity` while unlimited, 0 outside the plan. */
  rateAt(offsetNs: Nanos): PerSecond;
  /** True for a plan that has an operation on every demand, until its duration has passed. */
  readonly unlimited?: boolean;
  /** The parts of a composite that could not be fused into one formula, played one after another. */
  readonly parts?: readonly Plan[];
  /** The plans that a composite consists of, one after another, for displays. */
  readonly stages?: readonly Plan[];
}

/** The parts of a plan that are played one after another, composites taken apart. */
export function planLeaves(plan: Plan): readonly Plan[] {
  return plan.parts === undefined ? [plan] : plan.parts.flatMap(planLeaves);
}

/**
 * One operation token of a schedule: the `index`-th operation and its intended moment.
 *
 * - `at` MUST NOT decrease from one tick of a schedule to the next.
 * - A tick that is emitted late keeps its intended `at`: lateness is measured, never hidden.
 */
export interface Tick {
  /** Global index of the operation in the whole run, from 0; a share of a run keeps the global numbering. */
  readonly index: number;
  /** The intended moment. */
  readonly at: EpochMs;
  /**
   * Present only for an operation on demand; all operations of one unlimited part share it. Its intended moment is that
   * of the demand.
   */
  readonly demand?: Demand | undefined;
}

/** An unlimited part of a schedule that is being played. */
export interface Demand {
  /** The start of the part: its operations can be drawn from then on. */
  readonly from: EpochMs;
}
