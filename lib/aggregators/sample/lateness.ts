import type { Millis } from '../../core/units.js';
import { wasShot } from '../../coreutil/wasShot.js';
import type { NetSample } from '../../protocols/netSample.js';

/**
 * The generator's own fault: how late the shot was started, without the time it waited for a free instance (which is the
 * target's fault). 0 when it was never shot.
 */
export function lateness(sample: NetSample): Millis {
  return wasShot(sample) ? Math.max(0, sample.started - sample.intended - sample.slotWait) : 0;
}
