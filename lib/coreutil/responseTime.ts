import type { TimedSample } from '../core/timedSample.js';
import type { Millis } from '../core/units.js';

/**
 * From the intended moment to the end, which leaves no room for coordinated omission. For an unfinished operation its
 * age, so the true value is longer; 0 for a discarded one.
 */
export function responseTime(sample: TimedSample): Millis {
  return sample.outcome === 'discarded' ? 0 : Math.max(0, sample.ended - sample.intended);
}
