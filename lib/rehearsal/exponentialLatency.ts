import type { Millis } from '../core/units.js';
import { requireMs } from './requireMs.js';
import type { TargetModel } from './targetModel.js';

/**
 * A target whose times are exponential: the service of the textbook queue M/M/k.
 *
 * Formula: `T = -mean * ln(1 - U)`, U uniform in [0, 1). Source: L. Devroye, Non-Uniform Random Variate Generation
 * (1986), II.2.1, inversion.
 *
 * @example
 * const target = queueModel({ servers: 8, service: exponentialLatency(5) });
 */
export function exponentialLatency(meanMs: Millis): TargetModel {
  requireMs('exponential', 'the mean', meanMs);
  return {
    name: `exponential(${meanMs}ms)`,
    start:
      ({ random }) =>
      (answer) => {
        answer.afterMs -= meanMs * Math.log(1 - random());
      },
  };
}
