import { concatMap, type OperatorFunction, of } from 'rxjs';
import { A_FUNCTION, checkArgument } from '../../core/argument.js';
import { A_STEP } from '../arguments.js';
import type { Flow, Session, Step, Vars } from '../session.js';
import { StepRunner } from '../stepRunner.js';
import { callUser } from '../userFunction.js';

/**
 * Plays one step or another, by a condition.
 *
 * ```text
 * flow                            s-----------|
 * branch(when, a request, none)   ---s--------|     when: true
 * branch(when, a request, none)   s-----------|     when: false
 * ```
 *
 * - After it, a session has the variables of one of the two: those that both return can be used.
 * - Without a step for `false` the session passes unchanged. An exception of the condition ends the run.
 *
 * @example
 * declare const flow: Flow<{ known: boolean }>;
 * flow.pipe(branch(({ known }) => known, post('login', '/login'), post('register', '/register')));
 */
export function branch<V extends Vars, A extends Vars, B extends Vars = V>(
  condition: (vars: NoInfer<V>, session: Session<NoInfer<V>>) => boolean,
  whenTrue: Step<NoInfer<V>, A>,
  whenFalse?: Step<NoInfer<V>, B>,
): OperatorFunction<Session<V>, Session<A | B>> {
  checkArgument('branch', 'condition', condition, A_FUNCTION);
  checkArgument('branch', 'whenTrue', whenTrue, A_STEP);
  if (whenFalse !== undefined) checkArgument('branch', 'whenFalse', whenFalse, A_STEP);
  return (flow) => {
    const yes = new StepRunner(whenTrue);
    const no = whenFalse === undefined ? undefined : new StepRunner(whenFalse);
    return flow.pipe(
      concatMap((session): Flow<A | B> => {
        if (callUser(session.scope, 'branch', '', () => condition(session.vars, session))) return yes.play(session);
        // Without a step for `false`, B is V by default; the compiler cannot derive that from the missing argument.
        return no === undefined ? of(session as unknown as Session<B>) : no.play(session);
      }),
    );
  };
}
