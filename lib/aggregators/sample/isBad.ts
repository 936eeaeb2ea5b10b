import { NET_CODE } from '../../protocols/netCode.js';
import type { NetSample } from '../../protocols/netSample.js';

/** True for an operation that did not go well: no complete answer, a status from 400 on, or it was never shot. */
export function isBad({ outcome, netCode, protoCode }: NetSample): boolean {
  return outcome !== 'shot' || netCode !== NET_CODE.ok || protoCode >= 400;
}
