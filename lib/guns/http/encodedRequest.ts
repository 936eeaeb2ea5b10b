import type { Bytes } from '../../core/units.js';
import type { HeadMemo } from './headMemo.js';

/** A request as it goes over the wire; made once per request and gun, then only written. */
export interface EncodedRequest {
  /** Request line, headers and body. */
  readonly bytes: Buffer;
  /** Size of the part before the body. */
  readonly headBytes: Bytes;
  /** True when the answer has no body whatever its headers say. */
  readonly forHead: boolean;
  /** True when the connection is not used again afterwards. */
  readonly close: boolean;
  /** True when it may be sent a second time after a stale connection failed. */
  readonly replayable: boolean;
  /** True when the body waits for 100 Continue. */
  readonly expectsContinue: boolean;
  /** phout's size_out of Pandora's `httptrace.dump`: the request without what the client adds. */
  readonly dumpBytes: Bytes;
  /** How it was answered the last time; only for a request that comes again. */
  heads?: HeadMemo;
  /** Why it can't be sent; empty when it can. Nothing else counts then. */
  readonly refusal: string;
}
