import type { Millis } from '../core/units.js';
import { requireMs } from './requireMs.js';
import type { TargetModel } from './targetModel.js';

/**
 * A target that answers every request after the same time, however many there are.
 *
 * Formula: `T = ms`.
 *
 * @example
 * const target = constantLatency(20);
 */
export function constantLatency(ms: Millis): TargetModel {
  requireMs('constant', 'the latency', ms);
  return {
    name: `constant(${ms}ms)`,
    start: () => (answer) => {
      answer.afterMs += ms;
    },
  };
}
