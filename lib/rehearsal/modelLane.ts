import type { Observer, SchedulerAction, SchedulerLike, Unsubscribable } from 'rxjs';
import type { Shot } from '../core/shot.js';
import { NetSample } from '../protocols/netSample.js';
import type { AnswerRule, TargetAnswer } from './targetModel.js';
import { FASTEST_MS } from './timing.js';
import { NET_FAILURE } from '../protocols/netFailure.js';
import type { EpochMs, Millis } from '../core/units.js';

/** Is told of the shots of a pool as they happen. */
export interface RangeWatch {
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
  readonly watch?: RangeWatch;
}

/** Reused: a rule is asked and its answer copied within one call. */
const answer: TargetAnswer = { afterMs: 0, status: 200, netCode: 0, errorName: '' };

/**
 * One shot at a modelled target, used again and again: no promise and no closure per shot. A gun has two of them, since
 * the end of one shot may begin the next one before the first is torn down.
 */
export class ModelLane implements Unsubscribable {
  #shot: Shot<unknown> | undefined;
  #observer: Observer<NetSample> | undefined;
  #timer: SchedulerAction<unknown> | undefined;
  #tag = '';
  #id = 0;
  #status = 0;
  #netCode = 0;
  #errorName = '';

  constructor(private readonly range: ModelRange) {}

  /** Shoots; the observer is told when it is over, never before this returns. */
  begin(shot: Shot<unknown>, tag: string, id: number, observer: Observer<NetSample>): Unsubscribable {
    this.#shot = shot;
    this.#tag = tag;
    this.#id = id;
    this.#observer = observer;
    const { range } = this;
    const { scheduler, timeoutMs } = range;
    const now = scheduler.now();
    answer.afterMs = 0;
    answer.status = 200;
    answer.netCode = 0;
    answer.errorName = '';
    range.rule(answer, now, this.#tag);
    // Also when a rule of somebody gives no number.
    const late = !(answer.afterMs <= timeoutMs);
    this.#status = late ? 0 : answer.status;
    this.#netCode = late ? NET_FAILURE.timeout.netCode : answer.netCode;
    this.#errorName = late ? NET_FAILURE.timeout.errorName : answer.errorName;
    range.watch?.started(shot, now);
    this.#wait(late ? timeoutMs : Math.max(FASTEST_MS, answer.afterMs));
    return this;
  }

  #wait(ms: Millis): void {
    const lane = this;
    if (this.#timer !== undefined && !this.#timer.closed) this.#timer.schedule(undefined, ms);
    else
      this.#timer = this.range.scheduler.schedule(function () {
        lane.#timer = this;
        lane.#end();
      }, ms) as SchedulerAction<unknown>;
  }

  #end(): void {
    const observer = this.#observer;
    if (observer === undefined) return;
    const sample = NetSample.of(this.#shot as Shot<unknown>);
    sample.tag = this.#tag;
    sample.id = this.#id;
    sample.protoCode = this.#status;
    sample.netCode = this.#netCode;
    sample.errorName = this.#errorName;
    sample.answered = sample.ended = this.range.scheduler.now();
    this.#observer = undefined;
    this.range.watch?.finished(sample.ended);
    observer.next(sample);
    observer.complete();
  }

  /** Aborts the shot; does nothing when it is over. */
  unsubscribe(): void {
    if (this.#observer === undefined) return;
    this.#observer = undefined;
    this.range.watch?.aborted();
    this.#timer?.unsubscribe();
    this.#timer = undefined;
  }
}
