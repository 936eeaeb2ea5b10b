import { concatMap, type OperatorFunction } from 'rxjs';
import { ElpisError } from '../../core/errors.js';
import { Reel } from '../play/reel.js';
import type { Step } from '../session/flow.js';
import { type Part, partOf } from '../session/part.js';
import type { Session } from '../session/session.js';
import type { Vars } from '../session/vars.js';
import { turns } from './turns.js';

/**
 * Plays a step so many times, one after another. Each turn begins with the session that the turn before left.
 *
 * ```text
 * flow                s----------------|
 * loop(3, step)       --r--r--rs-------|     r: the step's request
 * ```
 *
 * - Variables that a turn adds are there in the next, but not for the compiler, for there may have been no turn.
 * - 0 times lets the session pass. A number that is none is an error and ends the run; parts of a turn don't count.
 * - A failure inside ends the scenario. A turn that lets no session out ends the flow.
 * - Unsubscribing ends the turn.
 *
 * @example
 * declare const flow: Flow<{ pages: number }>;
 * flow.pipe(loop(({ pages }) => pages, (turn) => turn.pipe(get('page', '/page'), pause(500))));
 */
export function loop<V extends Vars, Out extends V>(
  times: Part<NoInfer<V>, number>,
  step: Step<NoInfer<V>, Out>,
): OperatorFunction<Session<V>, Session<V>> {
  return (flow) => {
    const reel = new Reel(step);
    return flow.pipe(
      concatMap((session) => {
        const count = partOf(times, session);
        if (Number.isNaN(count)) throw new ElpisError('ELPIS_SHOT', `${session.stage.whole.tag}: a loop of NaN turns`);
        return turns(reel, session, (_, turn) => turn + 1 <= count);
      }),
    );
  };
}
