import type { SchedulerLike } from 'rxjs';
import type { Shot } from '../core/shot.js';
import type { EpochMs, Millis } from '../core/units.js';
import { NET_FAILURE } from '../protocols/netFailure.js';
import { FASTEST_MS, type ModelResponse, type ResponseRule } from './models/targetModel.js';

/** Receives the shots of a pool as they happen. */
export interface LoadObserver {
  started(shot: Shot<unknown>, now: EpochMs): void;
  /** Responded to or failed; an aborted shot is not. */
  finished(now: EpochMs): void;
  aborted(): void;
}

/** What the shots of one pool at a modelled target share. */
export interface ModelRange {
  readonly scheduler: SchedulerLike;
  readonly rule: ResponseRule;
  /** A shot that gets no response for so long ends as a timeout. */
  readonly timeoutMs: Millis;
  readonly watch?: LoadObserver;
}

/** Asks the model for the response to a request that arrives now, and ends it by the timeout if it comes later. */
export function askModel({ rule, timeoutMs }: ModelRange, response: ModelResponse, now: EpochMs, tag: string): void {
  response.afterMs = 0;
  response.status = 200;
  response.netCode = 0;
  response.errorName = '';
  rule(response, now, tag);
  // Also when a rule of the user gives no number.
  if (response.afterMs <= timeoutMs) {
    response.afterMs = Math.max(FASTEST_MS, response.afterMs);
    return;
  }
  response.afterMs = timeoutMs;
  response.status = 0;
  response.netCode = NET_FAILURE.timeout.netCode;
  response.errorName = NET_FAILURE.timeout.errorName;
}
