import { concatMap, Observable, type OperatorFunction, type Subscriber } from 'rxjs';
import { AN_OBJECT, checkArgument } from '../../core/argument.js';
import type { EpochMs, Millis } from '../../core/units.js';
import { A_STEP } from '../arguments.js';
import { ScenarioFailure } from '../scenarioFailure.js';
import type { Session, Step, Vars } from '../session.js';
import { runToEnd, StepRunner } from '../stepRunner.js';

const AT_LEAST_0 = { expected: 'a number of at least 0', holds: (value: unknown) => Number(value) >= 0 };

/** Options of {@link retry}. */
export interface RetryOptions {
  /** The largest number of tries, including the first. */
  readonly tries: number;
  /** Wait before the second try, in milliseconds. Default 0. */
  readonly delayMs?: Millis;
  /** Each further wait is the previous one times this factor, up to an hour. Default 1. */
  readonly factor?: number;
}

/** The state that passes from one try to the next. */
interface Tried {
  readonly left: number;
  /** The time of the last failed try, and the number of tries that failed at that time. */
  readonly at: EpochMs;
  readonly atOnce: number;
}

/** The longest wait: one hour. */
const MAX_WAIT_MS: Millis = 3_600_000;

/**
 * The largest number of tries at one moment of a virtual clock, because virtual time does not advance during tries
 * without a wait.
 */
const MAX_SYNC_TRIES = 1000;

/**
 * Plays a step again when a request, check or extraction in it fails.
 *
 * ```text
 * flow                          s----------------------|
 * retry({ tries: 3 }, step)     --x--x--s--------------|     x: a failure
 * retry({ tries: 2 }, step)     --x--#                       the last failure is that of the scenario
 * ```
 *
 * - Each try begins with the same session. Every request of every try has its sample, including failed ones.
 * - A group inside is recorded for each try; the scenario and the enclosing groups have only the last failure.
 * - Endless tries (`Infinity`) end with the run or by a timeout.
 * - An error that is not a failure ends the run. Unsubscribing ends the try or the wait.
 *
 * @throws ElpisError `ELPIS_CONFIG` for fewer than one try, or a wait or factor that is not a number of at least 0.
 *
 * @example
 * declare const flow: Flow;
 * flow.pipe(
 *   retry({ tries: 3, delayMs: 100, factor: 2 }, (attempt) => attempt.pipe(get('job', '/job'), check({ done: status(200) }))),
 * );
 */
export function retry<V extends Vars, Out extends Vars>(
  options: RetryOptions,
  step: Step<NoInfer<V>, Out>,
): OperatorFunction<Session<V>, Session<Out>> {
  checkArgument('retry', 'options', options, AN_OBJECT);
  const { tries, delayMs = 0, factor = 1 } = options;
  checkArgument('retry', 'tries', tries, { expected: 'a number of at least 1', holds: (value) => Number(value) >= 1 });
  checkArgument('retry', 'delayMs', delayMs, AT_LEAST_0);
  checkArgument('retry', 'factor', factor, AT_LEAST_0);
  checkArgument('retry', 'step', step, A_STEP);
  return (flow) => {
    const runner = new StepRunner(step);
    const attempt = (session: Session<V>, tried: Tried, wait: Millis, subscriber: Subscriber<Session<Out>>): void => {
      const { samples, scheduler, run } = session.scope;
      const part = runToEnd(runner.play(session), {
        completed: (sessions) => {
          for (const each of sessions) subscriber.next(each);
          subscriber.complete();
        },
        failed: (error) => {
          const now = scheduler.now();
          const atOnce = now === tried.at ? tried.atOnce + 1 : 0;
          if (tried.left <= 1 || atOnce > MAX_SYNC_TRIES || !(error instanceof ScenarioFailure)) {
            subscriber.error(error);
            return;
          }
          samples.flush();
          if (wait > 0) run.tracer?.paused(now, now + wait);
          const next = { left: tried.left - 1, at: now, atOnce };
          const longer = Math.min(wait * factor, MAX_WAIT_MS);
          const again = (): void => attempt(session.dueAt(now + wait), next, longer, subscriber);
          // Always asynchronous, so that failures without a wait do not recurse.
          subscriber.add(scheduler.schedule(again, wait));
        },
      });
      subscriber.add(part);
    };
    return flow.pipe(
      concatMap(
        (session) =>
          new Observable<Session<Out>>((subscriber) =>
            attempt(session, { left: tries, at: 0, atOnce: 0 }, delayMs, subscriber),
          ),
      ),
    );
  };
}

/**
 * The effect of a failed step: `end` ends the scenario; with `continue` it continues, and only the samples show the
 * failure.
 */
export type WhenFailed = 'end' | 'continue';
