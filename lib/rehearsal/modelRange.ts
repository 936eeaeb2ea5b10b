import type { SchedulerLike } from 'rxjs';
import type { Shot } from '../core/shot.js';
import type { EpochMs, Millis } from '../core/units.js';
import { NET_FAILURE } from '../protocols/netFailure.js';
import { MIN_RESPONSE_MS, type ModelResponse, type ResponseRule } from './models/targetModel.js';

/** Receives the shots of a pool. */
export interface LoadObserver {
  started(shot: Shot<unknown>, now: EpochMs): void;
  /** A shot had a response or failed. Not called for an aborted shot. */
  finished(now: EpochMs, index: number): void;
  aborted(index: number): void;
}

/** The context that the shots of one pool at a modelled target share. */
export interface ModelRange {
  readonly scheduler: SchedulerLike;
  readonly rule: ResponseRule;
  /** Limit of a shot in milliseconds; then it ends as a timeout. */
  readonly timeoutMs: Millis;
  readonly watch?: LoadObserver;
}

/** Computes the response to a request that arrives now. A response after the limit becomes a timeout. */
export function askModel({ rule, timeoutMs }: ModelRange, response: ModelResponse, now: EpochMs, tag: string): void {
  response.afterMs = 0;
  response.status = 200;
  response.netCode = 0;
  response.errorName = '';
  rule(response, now, tag);
  // Also when a rule of the user returns NaN.
  if (response.afterMs <= timeoutMs) {
    response.afterMs = Math.max(MIN_RESPONSE_MS, response.afterMs);
    return;
  }
  response.afterMs = timeoutMs;
  response.status = 0;
  response.netCode = NET_FAILURE.timeout.netCode;
  response.errorName = NET_FAILURE.timeout.errorName;
}
