import { concatMap, Observable, type OperatorFunction } from 'rxjs';
import { checkArgument } from '../../core/argument.js';
import { A_STEP } from '../arguments.js';
import { plainName, ScenarioFailure } from '../scenarioFailure.js';
import type { Session, Step, Vars } from '../session.js';
import { runToEnd, StepRunner } from '../stepRunner.js';

/**
 * Names a part of a scenario: its requests are tagged `scenario/group/request`, and the group has its own sample, from
 * its start to its end, with its pauses.
 *
 * ```text
 * flow                          s---------------|
 * group('g', step)              ------s---------|     the request and pause inside take 6 ms; two samples: the request's and the group's
 * ```
 *
 * - A failure inside ends the group, whose sample has the reason, and the scenario.
 * - The group ends when the flow inside completes. When that flow emits no session, none continues.
 * - Unsubscribing ends it without its sample.
 *
 * @throws ElpisError `ELPIS_CONFIG` for a name that cannot be a tag, or that a request in the same scope has.
 *
 * @example
 * declare const flow: Flow;
 * flow.pipe(group('checkout', (inside) => inside.pipe(post('cart', '/cart'), pause(500), post('order', '/order'))));
 */
export function group<V extends Vars, Out extends Vars>(
  name: string,
  step: Step<NoInfer<V>, Out>,
): OperatorFunction<Session<V>, Session<Out>> {
  plainName('group', name);
  checkArgument(`group "${name}"`, 'step', step, A_STEP);
  return (flow) => {
    const runner = new StepRunner(step);
    return flow.pipe(
      concatMap(
        (session) =>
          new Observable<Session<Out>>((subscriber) => {
            const { scope } = session;
            const inside = scope.inside(name, session.due);
            const end = (): void => {
              scope.samples.flush();
              scope.samples.emit(inside.span.end(scope.now()));
            };
            subscriber.add(
              runToEnd(runner.play(session.on(inside)), {
                completed: (sessions) => {
                  end();
                  for (const each of sessions) subscriber.next(each.on(scope));
                  subscriber.complete();
                },
                failed: (error) => {
                  if (error instanceof ScenarioFailure) inside.span.mark(error.failure);
                  end();
                  subscriber.error(error);
                },
              }),
            );
          }),
      ),
    );
  };
}
