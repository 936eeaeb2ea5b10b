import { concatMap, type OperatorFunction } from 'rxjs';
import { NET_CODE } from '../../protocols/netCode.js';
import { Reel } from '../play/reel.js';
import { ScenarioFailure } from '../play/scenarioFailure.js';
import type { Step } from '../session/flow.js';
import type { Session } from '../session/session.js';
import type { Vars } from '../session/vars.js';
import { turns } from './turns.js';

/** Bounds a {@link whileTrue}. */
export interface WhileTrueOptions {
  /** More turns than that are a failure. Default 1000. */
  readonly most?: number;
}

/**
 * Plays a step again and again while a condition holds; it is asked before each turn.
 *
 * ```text
 * flow                        s----------------|
 * whileTrue(again, step)      --r--r--s--------|     again: true, true, false
 * ```
 *
 * - Each turn begins with the session that the turn before left; see {@link loop}.
 * - More than `most` turns end the scenario with the failed check `check: at most N turns`, so that no visitor stays for ever.
 * - An exception of the condition ends the run.
 *
 * @example
 * declare const flow: Flow<{ state: string }>;
 * flow.pipe(
 *   whileTrue(({ state }) => state !== 'done', (turn) =>
 *     turn.pipe(pause(100), get('state', '/state'), extract({ state: jsonPath('$.state') })),
 *   ),
 * );
 */
export function whileTrue<V extends Vars, Out extends V>(
  condition: (vars: NoInfer<V>, session: Session<NoInfer<V>>) => boolean,
  step: Step<NoInfer<V>, Out>,
  { most = 1000 }: WhileTrueOptions = {},
): OperatorFunction<Session<V>, Session<V>> {
  return (flow) => {
    const reel = new Reel(step);
    return flow.pipe(
      concatMap((first) =>
        turns(reel, first, (session, turn) => {
          if (!condition(session.vars, session)) return false;
          if (turn < most) return true;
          const failure = { netCode: NET_CODE.check, errorName: `check: at most ${most} turns` };
          session.stage.mark(failure, undefined);
          throw new ScenarioFailure(failure, session.stage.whole.tag);
        }),
      ),
    );
  };
}
