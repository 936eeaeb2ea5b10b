import type { Bytes } from '../../core/units.js';

/** A request head, encoded once. It refers to no dynamic entry, so it is valid on every connection. */
export interface EncodedHead {
  /** The header block (RFC 7541), without frame headers. */
  readonly block: Uint8Array;
  /** True when the response has no body, for any headers: the method is HEAD. */
  readonly forHead: boolean;
  /** The size of the header list as RFC 9113 counts it: names, values, and 32 bytes for each field. */
  readonly size: Bytes;
}
