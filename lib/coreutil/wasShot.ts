import type { TimedSample } from '../core/timedSample.js';

/** True when a gun was called for the operation, whether or not it came to an end. */
export function wasShot(sample: TimedSample): boolean {
  return sample.outcome === 'shot' || (sample.outcome === 'unfinished' && sample.instance >= 0);
}
