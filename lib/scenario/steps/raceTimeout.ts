import { concatMap, Observable, type OperatorFunction, Subscription } from 'rxjs';
import { checkArgument } from '../../core/argument.js';
import { ElpisError } from '../../core/errors.js';
import type { Millis } from '../../core/units.js';
import { NET_CODE } from '../../protocols/netFailure.js';
import { A_NUMBER_PART, A_STEP } from '../arguments.js';
import { ScenarioFailure, stepFailure } from '../scenarioFailure.js';
import { type Part, partOf, type Session, type Step, type Vars } from '../session.js';
import { runToEnd, StepRunner } from '../stepRunner.js';
import { callUser } from '../userFunction.js';

/**
 * Plays a step with a time limit. At the limit, the request under way is aborted and recorded as `aborted`, and
 * `instead` is played, or the scenario fails.
 *
 * ```text
 * flow                             s------------|
 * raceTimeout(5, fast)             ---s---------|
 * raceTimeout(5, slow)             -----#             timed out after 5ms
 * raceTimeout(5, slow, other)      ------s------|     other begins at 5 with the original session
 * ```
 *
 * - A failure of the step before the limit is a failure of the scenario. Groups that the limit ends have no sample.
 * - Without `instead`, the failure is `timed out after 5ms` (net code 110), of the enclosing groups and of the
 *   scenario.
 * - Unsubscribing ends the step and the timer.
 * - A limit that a function returns and that is not above 0 is the failed check `check: raceTimeout: not above 0`.
 *
 * @param ms Limit from the arrival of the session here to the end of the step.
 * @throws ElpisError `ELPIS_CONFIG` for a time that is not above 0.
 * @example
 * declare const flow: Flow;
 * flow.pipe(raceTimeout(500, get('news', '/news'), get('old news', '/cache/news')));
 */
export function raceTimeout<V extends Vars, A extends Vars, B extends Vars = A>(
  ms: Part<NoInfer<V>, Millis>,
  step: Step<NoInfer<V>, A>,
  instead?: Step<NoInfer<V>, B>,
): OperatorFunction<Session<V>, Session<A | B>> {
  checkArgument('raceTimeout', 'ms', ms, A_NUMBER_PART);
  checkArgument('raceTimeout', 'step', step, A_STEP);
  if (instead !== undefined) checkArgument('raceTimeout', 'instead', instead, A_STEP);
  if (typeof ms === 'number' && !(ms > 0)) {
    throw new ElpisError('ELPIS_CONFIG', `raceTimeout: ${ms} ms, expected a number above 0`);
  }
  return (flow) => {
    const main = new StepRunner(step);
    const other = instead === undefined ? undefined : new StepRunner(instead);
    return flow.pipe(
      concatMap(
        (session) =>
          new Observable<Session<A | B>>((subscriber) => {
            const { scope } = session;
            const limit = callUser(scope, 'raceTimeout', '', () => partOf(ms, session));
            if (!(limit > 0)) throw stepFailure(session, 'raceTimeout: not above 0');
            const racing = new Subscription();
            subscriber.add(racing);
            const late = (): void => {
              // The step first, so that its request is recorded before the scenario continues.
              racing.unsubscribe();
              if (other !== undefined) {
                subscriber.add(other.play(session.dueAt(0)).subscribe(subscriber));
                return;
              }
              const failure = { netCode: NET_CODE.timeout, errorName: `timed out after ${limit}ms` };
              subscriber.error(new ScenarioFailure(failure, scope.span.tag));
            };
            racing.add(scope.scheduler.schedule(late, limit));
            racing.add(
              runToEnd(main.play(session), {
                completed: (sessions) => {
                  racing.unsubscribe();
                  for (const each of sessions) subscriber.next(each);
                  subscriber.complete();
                },
                failed: (error) => {
                  racing.unsubscribe();
                  subscriber.error(error);
                },
              }),
            );
          }),
      ),
    );
  };
}
