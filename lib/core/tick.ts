import type { EpochMs } from './units.js';

/**
 * One operation token of a schedule: the `index`-th operation and the moment it is meant to happen.
 *
 * - `at` MUST NOT decrease from one tick of a schedule to the next.
 * - A tick that is handed out late keeps its intended `at`: lateness is measured, never hidden.
 */
export interface Tick {
  /** Global index of the operation in the whole run, from 0; a share of a run keeps the global numbering. */
  readonly index: number;
  /** The intended moment. */
  readonly at: EpochMs;
}
