import type { NetSample } from '../../protocols/netSample.js';

/** True when a gun was called for the operation, whether or not it came to an end. */
export function wasShot(sample: NetSample): boolean {
  return sample.outcome === 'shot' || (sample.outcome === 'unfinished' && sample.instance >= 0);
}
