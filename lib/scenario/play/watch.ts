import type { EpochMs } from '../../core/units.js';

/** Told what a scenario does besides its samples; for tests and drawings. */
export interface Watch {
  /** A request is sent. */
  requested(tag: string, request: unknown, at: EpochMs): void;
  /** A pause begins, and until when it is meant to last. */
  paused(from: EpochMs, until: EpochMs): void;
}
