import type { EpochMs } from '../../core/units.js';
import type { NetSample } from '../../protocols/netSample.js';

/** When the operation began: the start of the shot, or the intended moment when it was never shot. */
export function beganAt(sample: NetSample): EpochMs {
  return sample.started > 0 ? sample.started : sample.intended;
}
