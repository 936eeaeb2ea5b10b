import { concatMap, type MonoTypeOperatorFunction, Observable } from 'rxjs';
import { AN_OBJECT, checkArgument } from '../../core/argument.js';
import { ElpisError } from '../../core/errors.js';
import type { EpochMs, Millis } from '../../core/units.js';
import { A_NUMBER_PART } from '../arguments.js';
import { stepFailure } from '../scenarioFailure.js';
import { type Flow, type Part, partOf, type Session, type Vars } from '../session.js';
import { callUser } from '../userFunction.js';

/**
 * Emits the session at a moment, which is the intended time of its next request; at once when the moment has passed.
 */
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

/** Options of {@link pause}. */
export interface PauseOptions {
  /** The largest deviation, as a fraction of the length, from 0 to 1; uniformly distributed. Default 0. */
  readonly jitter?: number;
}

/**
 * Waits, like a user between two clicks.
 *
 * ```text
 * flow                         s----------|
 * pause(5)                     -----s-----|
 * pause(5, { jitter: 0.4 })    ----s------|     3 to 7 ms, by the seed of the run and the index of the scenario
 * ```
 *
 * - The next request is intended for the planned end of the pause, so a timer that is late shows as lateness of the generator.
 * - Completes after the pause of the last session. Unsubscribing ends it.
 * - A length below 0 is 0. A length that is not a number, such as an unexpected header value, is the failed check
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
  options: PauseOptions = {},
): MonoTypeOperatorFunction<Session<V>> {
  checkArgument('pause', 'ms', ms, A_NUMBER_PART);
  checkArgument('pause', 'options', options, AN_OBJECT);
  const { jitter = 0 } = options;
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
 * Limits an instance to one pass in a given time. At the beginning of a loop it spaces the turns, at the beginning of
 * a scenario the runs, as long as each takes less than that time.
 *
 * ```text
 * sessions       s-s--------s---|
 * pacing(5)      s----s-----s---|     the second waits; the third is late and does not wait
 * ```
 *
 * - The first pass has no wait. A late pass has no wait either, and the next distance counts from it: lost time is not
 *   recovered.
 * - The intended time of the next request is the planned moment.
 * - Each instance has its own state, which is kept from run to run.
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
