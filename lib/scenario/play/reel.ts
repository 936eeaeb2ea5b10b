import { Observable } from 'rxjs';
import type { Flow, Step } from '../session/flow.js';
import type { Session } from '../session/session.js';
import type { Vars } from '../session/vars.js';

/** One built pipeline and the session that enters it. */
interface Take<In extends Vars, Out extends Vars> {
  session: Session<In> | undefined;
  readonly flow: Flow<Out>;
}

function film<In extends Vars, Out extends Vars>(step: Step<In, Out>): Take<In, Out> {
  const source: Flow<In> = new Observable((subscriber) => {
    if (take.session !== undefined) subscriber.next(take.session);
    subscriber.complete();
  });
  const take: Take<In, Out> = { session: undefined, flow: step(source) };
  return take;
}

/**
 * A step that is built once and played many times, one session at a time each: building pipelines of operators anew for every
 * session would cost more than playing them. What overlaps is played by pipelines of its own.
 */
export class Reel<In extends Vars, Out extends Vars> {
  readonly #idle: Take<In, Out>[];

  /** Builds the step, so that what is wrong with it is known now. */
  constructor(private readonly step: Step<In, Out>) {
    this.#idle = [film(step)];
  }

  /** Plays the step for a session, when subscribed to. */
  play(session: Session<In>): Flow<Out> {
    return new Observable((subscriber) => {
      const take = this.#idle.pop() ?? film(this.step);
      take.session = session;
      take.flow.subscribe(subscriber);
      // Last, when the pipeline has let go of everything.
      subscriber.add(() => {
        take.session = undefined;
        this.#idle.push(take);
      });
    });
  }
}
