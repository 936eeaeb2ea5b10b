import type { SchedulerLike } from 'rxjs';
import type { Shot } from '../core/shot.js';
import type { EpochMs, Millis } from '../core/units.js';
import { NET_FAILURE } from '../protocols/netFailure.js';
import { type AnswerRule, FASTEST_MS, type TargetAnswer } from './models/targetModel.js';

/** Receives the shots of a pool as they happen. */
export interface LoadObserver {
  started(shot: Shot<unknown>, now: EpochMs): void;
  /** Answered or failed; an aborted shot is not. */
  finished(now: EpochMs): void;
  aborted(): void;
}

/** What the shots of one pool at a modelled target share. */
export interface ModelRange {
  readonly scheduler: SchedulerLike;
  readonly rule: AnswerRule;
  /** A shot that gets no answer for so long ends as a timeout. */
  readonly timeoutMs: Millis;
  readonly watch?: LoadObserver;
}

/** Asks the model for the answer to a request that arrives now, and ends it by the timeout if it comes later. */
export function askModel({ rule, timeoutMs }: ModelRange, answer: TargetAnswer, now: EpochMs, tag: string): void {
  answer.afterMs = 0;
  answer.status = 200;
  answer.netCode = 0;
  answer.errorName = '';
  rule(answer, now, tag);
  // Also when a rule of the user gives no number.
  if (answer.afterMs <= timeoutMs) {
    answer.afterMs = Math.max(FASTEST_MS, answer.afterMs);
    return;
  }
  answer.afterMs = timeoutMs;
  answer.status = 0;
  answer.netCode = NET_FAILURE.timeout.netCode;
  answer.errorName = NET_FAILURE.timeout.errorName;
}
