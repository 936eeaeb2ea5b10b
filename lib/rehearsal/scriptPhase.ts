import type { Millis } from '../core/units.js';

/** What the target does for a while. */
export interface ScriptPhase {
  readonly verb: 'ok' | 'stall' | 'reset' | 'refuse' | 'status' | 'slow';
  /** The status, or how many times slower. */
  readonly figure: number;
  /** `Infinity` for the phase that lasts. */
  readonly lengthMs: Millis;
}

/** A script, parsed. */
export interface Script {
  readonly phases: readonly ScriptPhase[];
  /** Starts over after the last phase. */
  readonly repeat: boolean;
}
