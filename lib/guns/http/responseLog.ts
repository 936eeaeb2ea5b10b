import type { EpochMs } from '../../core/units.js';
import type { ResponseCapture } from './responseCapture.js';

/** Told of every response that was kept whole, each hop of a redirect included, before its shot ends. */
export interface ResponseLog {
  /** @param response Valid only during the call. */
  write(now: EpochMs, request: Uint8Array, response: ResponseCapture): void;
}
