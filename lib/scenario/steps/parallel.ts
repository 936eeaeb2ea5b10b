import { concatMap, Observable, type OperatorFunction, Subscription } from 'rxjs';
import { checkEach } from '../../core/argument.js';
import { A_STEP } from '../arguments.js';
import type { Session, Step, Vars } from '../session.js';
import { runToEnd, StepRunner } from '../stepRunner.js';

/**
 * Plays two to six steps at the same time, as a browser loads the parts of a page, and continues when all have
 * completed.
 *
 * ```text
 * flow                  s-----------------|
 * parallel(a, b)        -a--bs------------|     both begin at once; s has the variables of both
 * ```
 *
 * - Each begins with the same session. When two set the same variable, the later in the list counts. The last
 *   response stays the one from before `parallel`.
 * - The first failure ends the scenario and the other steps, whose requests under way are aborted and recorded as
 *   `aborted`.
 * - When one of them emits no session, none continues. Unsubscribing ends all.
 *
 * @example
 * declare const flow: Flow;
 * flow.pipe(parallel(get('style', '/style.css'), (part) => part.pipe(get('user', '/user'), extract({ name: jsonPath('$.name') }))));
 */
export function parallel<V extends Vars, A extends Vars, B extends Vars>(
  a: Step<NoInfer<V>, A>,
  b: Step<NoInfer<V>, B>,
): OperatorFunction<Session<V>, Session<V & A & B>>;
export function parallel<V extends Vars, A extends Vars, B extends Vars, C extends Vars>(
  a: Step<NoInfer<V>, A>,
  b: Step<NoInfer<V>, B>,
  c: Step<NoInfer<V>, C>,
): OperatorFunction<Session<V>, Session<V & A & B & C>>;
export function parallel<V extends Vars, A extends Vars, B extends Vars, C extends Vars, D extends Vars>(
  a: Step<NoInfer<V>, A>,
  b: Step<NoInfer<V>, B>,
  c: Step<NoInfer<V>, C>,
  d: Step<NoInfer<V>, D>,
): OperatorFunction<Session<V>, Session<V & A & B & C & D>>;
export function parallel<
  V extends Vars,
  A extends Vars,
  B extends Vars,
  C extends Vars,
  D extends Vars,
  E extends Vars,
>(
  a: Step<NoInfer<V>, A>,
  b: Step<NoInfer<V>, B>,
  c: Step<NoInfer<V>, C>,
  d: Step<NoInfer<V>, D>,
  e: Step<NoInfer<V>, E>,
): OperatorFunction<Session<V>, Session<V & A & B & C & D & E>>;
export function parallel<
  V extends Vars,
  A extends Vars,
  B extends Vars,
  C extends Vars,
  D extends Vars,
  E extends Vars,
  F extends Vars,
>(
  a: Step<NoInfer<V>, A>,
  b: Step<NoInfer<V>, B>,
  c: Step<NoInfer<V>, C>,
  d: Step<NoInfer<V>, D>,
  e: Step<NoInfer<V>, E>,
  f: Step<NoInfer<V>, F>,
): OperatorFunction<Session<V>, Session<V & A & B & C & D & E & F>>;
export function parallel<V extends Vars>(...steps: Step<V, Vars>[]): OperatorFunction<Session<V>, Session<V>> {
  checkEach('parallel', 'step', steps, A_STEP);
  return (flow) => {
    const runners = steps.map((step) => new StepRunner(step));
    return flow.pipe(
      concatMap(
        (session) =>
          new Observable<Session<V>>((subscriber) => {
            const parts = new Subscription();
            const ends: (Session<Vars> | undefined)[] = [];
            let under = runners.length;
            const over = (place: number, last: Session<Vars> | undefined): void => {
              ends[place] = last;
              if (--under > 0) return;
              const all = ends.filter((each) => each !== undefined);
              const vars: Vars = Object.assign({}, ...all.map((each) => each.vars));
              if (all.length === runners.length) subscriber.next(session.with(vars).dueAt(0));
              subscriber.complete();
            };
            const failed = (error: unknown): void => {
              parts.unsubscribe();
              subscriber.error(error);
            };
            subscriber.add(parts);
            session.scope.samples.flush();
            for (const [place, runner] of runners.entries()) {
              if (parts.closed) return;
              parts.add(
                runToEnd(runner.play(session), { completed: (sessions) => over(place, sessions.at(-1)), failed }),
              );
            }
          }),
      ),
    );
  };
}
