import { NET_CODE } from '../../protocols/netCode.js';
import type { NetSample } from '../../protocols/netSample.js';

/**
 * The net code to show. An operation that was not shot or not finished never counts as a success: without a code of its own
 * it is 777 when discarded and 999 when unfinished.
 */
export function netCodeOf(sample: NetSample): number {
  if (sample.netCode !== NET_CODE.ok || sample.outcome === 'shot') return sample.netCode;
  return sample.outcome === 'discarded' ? NET_CODE.discarded : NET_CODE.other;
}
