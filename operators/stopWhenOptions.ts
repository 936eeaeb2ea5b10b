import type { TimedSample } from '../lib/core/timedSample.js';
import type { RollUpOptions } from './rollUpOptions.js';
import type { Verdict } from './verdict.js';

/** How {@link stopWhen} judges and stops. Windows start with the subscription, so that all are whole. */
export interface StopWhenOptions<S extends TimedSample = TimedSample> extends Omit<RollUpOptions<S>, 'origin'> {
  /** Most tags told apart in a window. Default 0: the condition is asked about the total only, which is cheapest. */
  readonly tagLimit?: number;
  /** Over how many windows in a row the condition must hold, merged into one. Default 1. */
  readonly windows?: number;
  /** Told once, when the condition holds, before the samples end. */
  readonly onStop?: (verdict: Verdict) => void;
  /**
   * What becomes of the source then. `unsubscribe` ends it at once: shots under way are aborted. `drain` keeps passing its
   * samples until it ends by itself, which `onStop` has to bring about (by the `drain` of `shoot`). Default `unsubscribe`.
   */
  readonly source?: 'unsubscribe' | 'drain';
}
