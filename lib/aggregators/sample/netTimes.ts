import { verdictOf } from '../../core/sample.js';
import type { EpochMs, Millis } from '../../core/units.js';
import { NET_CODE } from '../../protocols/netFailure.js';
import type { NetSample } from '../../protocols/netSample.js';

/**
 * The begin of the operation: the start of the shot, the moment at which it was discarded, or the intended moment of
 * an operation that waited at the end of the run.
 */
export function beganAt(sample: NetSample): EpochMs {
  const waiting = sample.outcome === 'unfinished' && sample.instance < 0;
  return sample.started > 0 && !waiting ? sample.started : sample.intended;
}

/**
 * phout's interval_real: from the begin until the status or the failure was known. For an unfinished operation its
 * age; for a discarded one 0.
 */
export function intervalReal(sample: NetSample): Millis {
  if (sample.outcome === 'discarded') return 0;
  return (sample.responded > 0 ? sample.responded : sample.ended) - beganAt(sample);
}

/**
 * The lateness of the generator: how late the shot started, without its wait for a free instance, which the target
 * causes.
 */
export function lateness(sample: NetSample): Millis {
  return Math.max(0, sample.started - sample.intended - sample.slotWait);
}

/**
 * The net code to show. By default a discarded operation has 777 and an unfinished one 999, so that it does not count
 * as a success.
 */
export function netCodeOf(sample: NetSample): number {
  if (sample.netCode !== NET_CODE.ok || sample.outcome === 'shot') return sample.netCode;
  return sample.outcome === 'discarded' ? NET_CODE.discarded : NET_CODE.other;
}

/** True for an operation whose verdict is not `ok`, or that was discarded or unfinished. */
export function isBad(sample: NetSample): boolean {
  return sample.outcome !== 'shot' || verdictOf(sample) !== 'ok';
}
