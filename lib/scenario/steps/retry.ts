import { concatMap, Observable, type OperatorFunction, type Subscriber } from 'rxjs';
import { ElpisError } from '../../core/errors.js';
import type { EpochMs, Millis } from '../../core/units.js';
import { ScenarioFailure } from '../scenarioFailure.js';
import type { Session, Step, Vars } from '../session.js';
import { runToEnd, StepRunner } from '../stepRunner.js';

/** How {@link retry} tries. */
export interface RetryOptions {
  /** How often at most, the first try included. */
  readonly tries: number;
  /** Wait before the second try. Default 0. */
  readonly delayMs?: Millis;
  /** By how much each further wait is longer than the one before, up to an hour. Default 1: not at all. */
  readonly factor?: number;
}

/** What a try knows of those before it. */
interface Tried {
  readonly left: number;
  /** When the last one failed, and how many did at that moment. */
  readonly at: EpochMs;
  readonly atOnce: number;
}

/** One hour: waits that grow do not grow further. */
const LONGEST_WAIT: Millis = 3_600_000;

/** Most tries at one moment of a clock in a test: time would never pass. */
const MOST_AT_ONCE = 1000;

/**
 * Plays a step again when it fails: when a request, check or extraction in it ends it.
 *
 * ```text
 * flow                          s----------------------|
 * retry({ tries: 3 }, step)     --x--x--s--------------|     x: a failure
 * retry({ tries: 2 }, step)     --x--#                       the last failure is that of the scenario
 * ```
 *
 * - Each try begins with the session as it came. Every request of every try has its sample, failed ones included.
 * - A group inside is recorded for each try; the scenario and groups around it are marked by the last failure only.
 * - Without an end (`tries: Infinity`) it ends with the run, or by a timeout.
 * - An error that is no failure ends the run. Unsubscribing ends the try or the wait.
 *
 * @throws ElpisError `ELPIS_CONFIG` for less than one try, or a wait or factor that is no number from 0.
 *
 * @example
 * declare const flow: Flow;
 * flow.pipe(
 *   retry({ tries: 3, delayMs: 100, factor: 2 }, (attempt) => attempt.pipe(get('job', '/job'), check({ done: status(200) }))),
 * );
 */
export function retry<V extends Vars, Out extends Vars>(
  { tries, delayMs = 0, factor = 1 }: RetryOptions,
  step: Step<NoInfer<V>, Out>,
): OperatorFunction<Session<V>, Session<Out>> {
  if (!(tries >= 1 && delayMs >= 0 && factor >= 0)) {
    const message = `retry: tries ${tries}, delayMs ${delayMs}, factor ${factor}: expected at least 1, 0 and 0`;
    throw new ElpisError('ELPIS_CONFIG', message);
  }
  return (flow) => {
    const runner = new StepRunner(step);
    const attempt = (session: Session<V>, tried: Tried, wait: Millis, subscriber: Subscriber<Session<Out>>): void => {
      const { samples, scheduler, run } = session.scope;
      const part = runToEnd(runner.play(session), {
        over: (sessions) => {
          for (const each of sessions) subscriber.next(each);
          subscriber.complete();
        },
        failed: (error) => {
          const now = scheduler.now();
          const atOnce = now === tried.at ? tried.atOnce + 1 : 0;
          if (tried.left <= 1 || atOnce > MOST_AT_ONCE || !(error instanceof ScenarioFailure)) {
            subscriber.error(error);
            return;
          }
          samples.flush();
          if (wait > 0) run.tracer?.paused(now, now + wait);
          const next = { left: tried.left - 1, at: now, atOnce };
          const longer = Math.min(wait * factor, LONGEST_WAIT);
          const again = (): void => attempt(session.dueAt(now + wait), next, longer, subscriber);
          // Never at once, so that failures that need no time do not pile up.
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

/** What becomes of the scenario when a step fails: `end`: it ends; `goOn`: it continues, and only the samples show the failure. */
export type WhenFailed = 'end' | 'goOn';
