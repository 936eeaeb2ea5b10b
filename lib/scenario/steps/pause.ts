import { concatMap, type MonoTypeOperatorFunction } from 'rxjs';
import { ElpisError } from '../../core/errors.js';
import type { Millis } from '../../core/units.js';
import { type Part, partOf } from '../session/part.js';
import type { Session } from '../session/session.js';
import type { Vars } from '../session/vars.js';
import { waitUntil } from './waitUntil.js';

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
 * - A length below 0 is 0; one that is no number is an error and ends the run.
 *
 * @throws ElpisError `ELPIS_CONFIG` for a jitter that is not from 0 to 1.
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
  return concatMap((session) => {
    const { stage } = session;
    const factor = jitter === 0 ? 1 : 1 + jitter * (2 * stage.random() - 1);
    const length = partOf(ms, session) * factor;
    if (!Number.isFinite(length)) {
      throw new ElpisError('ELPIS_SHOT', `${stage.whole.tag}: a pause is ${length} ms long, expected a number`);
    }
    return waitUntil(session, stage.now() + Math.max(0, length));
  });
}
