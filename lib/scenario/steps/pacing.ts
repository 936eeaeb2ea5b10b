import { concatMap, type MonoTypeOperatorFunction } from 'rxjs';
import { ElpisError } from '../../core/errors.js';
import type { Millis } from '../../core/units.js';
import type { Session } from '../session/session.js';
import type { Vars } from '../session/vars.js';
import { waitUntil } from './waitUntil.js';

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
    const { passed } = session.stage.production.visitor;
    const now = session.stage.now();
    const last = passed.get(here);
    const at = last === undefined ? now : Math.max(now, last + everyMs);
    passed.set(here, at);
    return waitUntil(session, at);
  });
}
