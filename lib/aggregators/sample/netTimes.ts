import { verdictOf } from '../../core/sample.js';
import type { EpochMs, Millis } from '../../core/units.js';
import { NET_CODE } from '../../protocols/netFailure.js';
import type { NetSample } from '../../protocols/netSample.js';

/**
 * When the operation began: the start of the shot or the moment it was discarded; the intended moment of an operation that
 * was still waiting at the end of the run.
 */
export function beganAt(sample: NetSample): EpochMs {
  const waiting = sample.outcome === 'unfinished' && sample.instance < 0;
  return sample.started > 0 && !waiting ? sample.started : sample.intended;
}

/**
 * phout's interval_real: from the beginning until the status or the failure was known. The age of an operation that was
 * not finished; 0 for a discarded one.
 */
export function intervalReal(sample: NetSample): Millis {
  if (sample.outcome === 'discarded') return 0;
  return (sample.responded > 0 ? sample.responded : sample.ended) - beganAt(sample);
}

/**
 * The generator's own fault: how late the shot was started, without the time it waited for a free instance (which is the
 * target's fault).
 */
export function lateness(sample: NetSample): Millis {
  return Math.max(0, sample.started - sample.intended - sample.slotWait);
}

/**
 * The net code to show. An operation that was not shot or not finished never counts as a success: without a code of its own
 * it is 777 when discarded and 999 when unfinished.
 */
export function netCodeOf(sample: NetSample): number {
  if (sample.netCode !== NET_CODE.ok || sample.outcome === 'shot') return sample.netCode;
  return sample.outcome === 'discarded' ? NET_CODE.discarded : NET_CODE.other;
}

/** True for an operation that did not go well: its verdict is not `ok`, or it was discarded or not finished. */
export function isBad(sample: NetSample): boolean {
  return sample.outcome !== 'shot' || verdictOf(sample) !== 'ok';
}
