import { concatMap, Observable, type OperatorFunction, type Subscriber, Subscription } from 'rxjs';
import { A_FUNCTION, checkArgument } from '../../core/argument.js';
import { ElpisError } from '../../core/errors.js';
import { A_NUMBER_PART, A_STEP } from '../arguments.js';
import { stepFailure } from '../scenarioFailure.js';
import { type Flow, type Part, partOf, type Session, type Step, type Vars } from '../session.js';
import { runToEnd, StepRunner } from '../stepRunner.js';
import { callUser } from '../userFunction.js';

/**
 * The largest number of turns without a wait in a row. An endless loop of such turns never returns to the event loop.
 */
const MAX_SYNC_TURNS = 100_000;

/** The turns of one session in a loop. Turns without a wait run in a loop, not by recursion. */
class LoopRun<V extends Vars, Out extends V> {
  #turn = 0;
  #running = false;
  #again = false;
  #part = Subscription.EMPTY;

  constructor(
    private readonly runner: StepRunner<V, Out>,
    private session: Session<V>,
    private readonly more: (session: Session<V>, turn: number) => boolean,
    private readonly subscriber: Subscriber<Session<V>>,
  ) {
    subscriber.add(() => this.#part.unsubscribe());
  }

  run(): void {
    if (this.#running) {
      this.#again = true;
      return;
    }
    this.#running = true;
    try {
      let atOnce = 0;
      do {
        this.#again = false;
        if (atOnce++ > MAX_SYNC_TURNS) throw stepFailure(this.session, `${MAX_SYNC_TURNS} turns without a wait`);
        this.#take();
      } while (this.#again && !this.subscriber.closed);
    } catch (error) {
      this.subscriber.error(error);
    } finally {
      this.#running = false;
    }
  }

  #take(): void {
    if (!this.more(this.session, this.#turn++)) {
      this.subscriber.next(this.session);
      this.subscriber.complete();
      return;
    }
    const part = runToEnd(this.runner.play(this.session), {
      completed: (sessions) => {
        const last = sessions.at(-1);
        if (last === undefined) {
          this.subscriber.complete();
          return;
        }
        this.session = last;
        this.run();
      },
      failed: (error) => this.subscriber.error(error),
    });
    this.#part = part;
    if (this.subscriber.closed) part.unsubscribe();
  }
}

/**
 * Plays a step repeatedly while `more` returns true, each turn with the session of the turn before. A turn that emits
 * no session ends the flow; of several sessions, the last continues.
 */
function turns<V extends Vars, Out extends V>(
  runner: StepRunner<V, Out>,
  session: Session<V>,
  more: (session: Session<V>, turn: number) => boolean,
): Flow<V> {
  return new Observable((subscriber) => new LoopRun(runner, session, more, subscriber).run());
}

/**
 * Plays a step a number of times, one turn after another. Each turn begins with the session of the turn before.
 *
 * ```text
 * flow                s----------------|
 * loop(3, step)       --r--r--rs-------|     r: the step's request
 * ```
 *
 * - Variables that a turn adds exist in the next turn, but not for the compiler, because the number of turns may be 0.
 * - With 0 turns the session passes unchanged. Fractions of a turn are ignored. NaN from a function is the failed
 *   check `check: loop: not a number`.
 * - An endless loop (`Infinity`) ends with the run or by a timeout. More than 100,000 turns in a row without a wait
 *   end the scenario with the failed check `check: 100000 turns without a wait`.
 * - A failure inside ends the scenario. A turn that emits no session ends the flow.
 * - Unsubscribing ends the turn.
 *
 * @throws ElpisError `ELPIS_CONFIG` for NaN.
 * @example
 * declare const flow: Flow<{ pages: number }>;
 * flow.pipe(loop(({ pages }) => pages, (turn) => turn.pipe(get('page', '/page'), pause(500))));
 */
export function loop<V extends Vars, Out extends V>(
  times: Part<NoInfer<V>, number>,
  step: Step<NoInfer<V>, Out>,
): OperatorFunction<Session<V>, Session<V>> {
  checkArgument('loop', 'times', times, A_NUMBER_PART);
  checkArgument('loop', 'step', step, A_STEP);
  return (flow) => {
    const runner = new StepRunner(step);
    return flow.pipe(
      concatMap((session) => {
        const count = callUser(session.scope, 'loop', '', () => partOf(times, session));
        if (!(count <= Number.POSITIVE_INFINITY)) throw stepFailure(session, 'loop: not a number');
        return turns(runner, session, (_, turn) => turn + 1 <= count);
      }),
    );
  };
}

/** Bounds a {@link whileTrue}. */
export interface WhileTrueOptions {
  /** The largest number of turns; one more is a failure. Default 1000. */
  readonly most?: number;
}

/**
 * Plays a step repeatedly while a condition holds. The condition is tested before each turn.
 *
 * ```text
 * flow                        s----------------|
 * whileTrue(again, step)      --r--r--s--------|     again: true, true, false
 * ```
 *
 * - Each turn begins with the session of the turn before; see {@link loop}.
 * - More than `most` turns end the scenario with the failed check `check: at most N turns`, so that no virtual user loops without end.
 * - An exception of the condition ends the run.
 *
 * @throws ElpisError `ELPIS_CONFIG` for a `most` that is not a number of at least 0.
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
  checkArgument('whileTrue', 'condition', condition, A_FUNCTION);
  checkArgument('whileTrue', 'step', step, A_STEP);
  if (!(most >= 0)) throw new ElpisError('ELPIS_CONFIG', `whileTrue: most is ${most}, expected a number of at least 0`);
  return (flow) => {
    const runner = new StepRunner(step);
    return flow.pipe(
      concatMap((first) =>
        turns(runner, first, (session, turn) => {
          if (!callUser(session.scope, 'whileTrue', '', () => condition(session.vars, session))) return false;
          if (turn < most) return true;
          throw stepFailure(session, `at most ${most} turns`);
        }),
      ),
    );
  };
}
