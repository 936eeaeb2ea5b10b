import type { NetSample } from '../../protocols/netSample.js';

/** True for a {@link NetSample}, also one of another copy of the package (user modules may load their own). */
export function isNetSample(sample: unknown): sample is NetSample {
  if (typeof sample !== 'object' || sample === null) return false;
  const { netCode, started, slotWait } = sample as Partial<NetSample>;
  return typeof netCode === 'number' && typeof started === 'number' && typeof slotWait === 'number';
}
