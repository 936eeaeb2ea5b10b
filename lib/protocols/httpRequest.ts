import type { Bytes } from '../core/units.js';

/**
 * An HTTP request as the ammo fixes it: what is sent except what the client adds. Immutable; may be shared by many ammo.
 */
export interface HttpRequest {
  /** As written; never changed to upper case. */
  readonly method: string;
  /** What stands on the request line: path and query, already escaped. */
  readonly target: string;
  /** Decoded path of the URL, for auto-tagging. */
  readonly path: string;
  /** What the ammo itself fixes for the Host header, port kept; empty when the gun fills in the target's host. */
  readonly host: string;
  /** Ammo headers in order, names canonical, without Host; a name may repeat. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Exact bytes, or null for no body. */
  readonly body: Uint8Array | null;
  /** True when the ammo asks for the connection to be closed after this request. */
  readonly close: boolean;
  /** True when the body must be sent in chunks (the ammo's own Transfer-Encoding was chunked). */
  readonly chunked: boolean;
  /** By how many bytes the body is shorter than the ammo's own Content-Length says; such a request can't be sent. */
  readonly missingBytes?: Bytes;
}
