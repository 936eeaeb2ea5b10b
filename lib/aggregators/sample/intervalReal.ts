import type { Millis } from '../../core/units.js';
import type { NetSample } from '../../protocols/netSample.js';
import { beganAt } from './beganAt.js';

/**
 * phout's interval_real: from the beginning until the status or the failure was known. The age of an operation that was
 * not finished; 0 for a discarded one.
 */
export function intervalReal(sample: NetSample): Millis {
  if (sample.outcome === 'discarded') return 0;
  return (sample.answered > 0 ? sample.answered : sample.ended) - beganAt(sample);
}
