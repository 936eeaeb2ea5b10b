import { concatMap, type MonoTypeOperatorFunction, Observable } from 'rxjs';
import { ElpisError } from '../../core/errors.js';
import type { EpochMs, Millis } from '../../core/units.js';
import { stepFailure } from '../scenarioFailure.js';
import { type Flow, type Part, partOf, type Session, type Vars } from '../session.js';
import { callUser } from '../userFunction.js';

/** Sends the session on at a moment, with its next request meant for that; at once when it has passed. */
function waitUntil<V extends Vars>(session: Session<V>, until: EpochMs): Flow<V> {
  const { scheduler, samples, run } = session.scope;
  return new Observable((subscriber) => {
    samples.flush();
    const now = scheduler.now();
    const go = (): void => {
      subscriber.next(session.dueAt(until));
      subscriber.complete();
    };
    if (until <= now) {
      subscriber.next(session);
      subscriber.complete();
      return;
    }
    run.tracer?.paused(now, until);
    subscriber.add(scheduler.schedule(go, until - now));
  });
}

/** How much a {@link pause} varies. */
export interface PauseOptions {
  /** Most that it is longer or shorter, as a fraction of its length, from 0 to 1; evenly distributed. Default 0. */
  readonly jitter?: number;
}

/**
 * Waits, as people do between two clicks.
 *
 * ```text
 * flow                         s----------|
 * pause(5)                     -----s-----|
 * pause(5, { jitter: 0.4 })    ----s------|     3 to 7 ms, by the seed of the run and the index of the scenario
 * ```
 *
 * - The next request is intended for the planned end of the pause, so a timer that is late shows as lateness of the generator.
 * - Completes after the last session's pause. Unsubscribing ends it.
 * - A length below 0 is 0. What is not a number, such as a header that the target sends in another form, is the failed check
 *   `check: pause: not a number`, and ends the scenario.
 *
 * @throws ElpisError `ELPIS_CONFIG` for a jitter that is not from 0 to 1, and for a length that is not a number.
 *
 * @example
 * declare const flow: Flow<{ pages: number }>;
 * flow.pipe(pause(1000, { jitter: 0.5 }), pause(({ pages }) => pages * 200));
 */
export function pause<V extends Vars>(
  ms: Part<NoInfer<V>, Millis>,
  { jitter = 0 }: PauseOptions = {},
): MonoTypeOperatorFunction<Session<V>> {
  if (!(jitter >= 0 && jitter <= 1)) {
    throw new ElpisError('ELPIS_CONFIG', `pause: jitter is ${jitter}, expected a number from 0 to 1`);
  }
  if (typeof ms === 'number' && !Number.isFinite(ms)) {
    throw new ElpisError('ELPIS_CONFIG', `pause: ${ms} ms, expected a number of milliseconds`);
  }
  return concatMap((session) => {
    const { scope } = session;
    const factor = jitter === 0 ? 1 : 1 + jitter * (2 * scope.random() - 1);
    const length = callUser(scope, 'pause', '', () => partOf(ms, session)) * factor;
    if (!Number.isFinite(length)) throw stepFailure(session, 'pause: not a number');
    return waitUntil(session, scope.now() + Math.max(0, length));
  });
}

/**
 * Lets an instance pass here once in so many milliseconds: at the head of a loop its turns, at the head of a scenario its runs,
 * then start that far apart, however long they take, as long as they take less.
 *
 * ```text
 * sessions       s-s--------s---|
 * pacing(5)      s----s-----s---|     the second waits; the third comes late and does not
 * ```
 *
 * - The first passes at once. One that comes late passes at once too, and the next counts from then: nothing is caught up.
 * - The next request is intended for the planned moment.
 * - Each instance has a pace of its own, from run to run.
 *
 * @throws ElpisError `ELPIS_CONFIG` for a length that is not a number above 0.
 *
 * @example
 * declare const flow: Flow;
 * flow.pipe(loop(10, (turn) => turn.pipe(pacing(1000), get('state', '/state'))));
 */
export function pacing<V extends Vars>(everyMs: Millis): MonoTypeOperatorFunction<Session<V>> {
  if (!(everyMs > 0 && Number.isFinite(everyMs))) {
    throw new ElpisError('ELPIS_CONFIG', `pacing: ${everyMs} ms, expected a number above 0`);
  }
  const here = {};
  return concatMap((session) => {
    const { passed } = session.scope.run.user;
    const now = session.scope.now();
    const last = passed.get(here);
    const at = last === undefined ? now : Math.max(now, last + everyMs);
    passed.set(here, at);
    return waitUntil(session, at);
  });
}
