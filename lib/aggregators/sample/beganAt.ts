import type { EpochMs } from '../../core/units.js';
import type { NetSample } from '../../protocols/netSample.js';

/**
 * When the operation began: the start of the shot or the moment it was discarded; the intended moment of an operation that
 * was still waiting at the end of the run.
 */
export function beganAt(sample: NetSample): EpochMs {
  const waiting = sample.outcome === 'unfinished' && sample.instance < 0;
  return sample.started > 0 && !waiting ? sample.started : sample.intended;
}
