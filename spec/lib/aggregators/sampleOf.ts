import { NetSample } from '../../../lib/protocols/netSample.js';

/** A sample of a shot that was intended and started at `started`, with the given fields. */
export function sampleOf(fields: Partial<NetSample> = {}): NetSample {
  const started = fields.started ?? 1_700_000_000_000;
  const at = fields.intended ?? started;
  const sample = NetSample.of({ index: 0, at, ammo: null, instance: 0, started, slotWait: 0 });
  return Object.assign(sample, { responded: started, ended: started, protoCode: 200, ...fields });
}
