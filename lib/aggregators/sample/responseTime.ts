import type { Millis } from '../../core/units.js';
import type { NetSample } from '../../protocols/netSample.js';

/**
 * From the intended moment to the end, which leaves no room for coordinated omission. For an unfinished operation its
 * age, so the true value is longer; 0 for a discarded one.
 */
export function responseTime(sample: NetSample): Millis {
  return sample.outcome === 'discarded' ? 0 : Math.max(0, sample.ended - sample.intended);
}
