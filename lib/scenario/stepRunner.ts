import { Observable, type Subscription } from 'rxjs';
import type { Flow, Session, Step, Vars } from './session.js';

/** One built pipeline and the session that enters it. */
interface Pipeline<In extends Vars, Out extends Vars> {
  session: Session<In> | undefined;
  readonly flow: Flow<Out>;
}

function buildPipeline<In extends Vars, Out extends Vars>(step: Step<In, Out>): Pipeline<In, Out> {
  const source: Flow<In> = new Observable((subscriber) => {
    if (take.session !== undefined) subscriber.next(take.session);
    subscriber.complete();
  });
  const take: Pipeline<In, Out> = { session: undefined, flow: step(source) };
  return take;
}

/**
 * A step that is built once and played many times, one session at a time each: building pipelines of operators anew for every
 * session would cost more than playing them. What overlaps is played by pipelines of its own.
 */
export class StepRunner<In extends Vars, Out extends Vars> {
  readonly #idle: Pipeline<In, Out>[];

  /** Builds the step, so that what is wrong with it is known now. */
  constructor(private readonly step: Step<In, Out>) {
    this.#idle = [buildPipeline(step)];
  }

  /** Plays the step for a session, when subscribed to. */
  play(session: Session<In>): Flow<Out> {
    return new Observable((subscriber) => {
      const take = this.#idle.pop() ?? buildPipeline(this.step);
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

/** What {@link runToEnd} tells. */
export interface PlayedOut<V extends Vars> {
  /** The part is over; these sessions came out, in order. */
  over(sessions: readonly Session<V>[]): void;
  failed(error: unknown): void;
}

/** Plays a part of a scenario to its end, and tells when it has let go of everything, so that it may be played again at once. */
export function runToEnd<V extends Vars>(flow: Flow<V>, told: PlayedOut<V>): Subscription {
  const sessions: Session<V>[] = [];
  let end: (() => void) | undefined;
  const playing = flow.subscribe({
    next: (session) => {
      sessions.push(session);
    },
    error: (error: unknown) => {
      end = () => told.failed(error);
    },
    complete: () => {
      end = () => told.over(sessions);
    },
  });
  playing.add(() => end?.());
  return playing;
}
