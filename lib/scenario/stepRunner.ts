import { isObservable, Observable, type Subscription } from 'rxjs';
import { ElpisError } from '../core/errors.js';
import type { Flow, Session, Step, Vars } from './session.js';

/** One built pipeline and the session that enters it. */
interface Pipeline<In extends Vars, Out extends Vars> {
  session: Session<In> | undefined;
  readonly flow: Flow<Out>;
}

/** @throws ElpisError `ELPIS_CONFIG` for a step that does not return a flow, such as one without `return`. */
function flowOf<Out extends Vars>(flow: Observable<Session<Out>>): Flow<Out> {
  if (isObservable(flow)) return flow;
  throw new ElpisError('ELPIS_CONFIG', `a step returned ${String(flow)}, expected a flow`, {
    hint: 'a step is a function such as (flow) => flow.pipe(...)',
  });
}

function buildPipeline<In extends Vars, Out extends Vars>(step: Step<In, Out>): Pipeline<In, Out> {
  const source: Flow<In> = new Observable((subscriber) => {
    if (pipeline.session !== undefined) subscriber.next(pipeline.session);
    subscriber.complete();
  });
  const pipeline: Pipeline<In, Out> = { session: undefined, flow: flowOf(step(source)) };
  return pipeline;
}

/**
 * A step that is built once and played many times, one session at a time. Building the pipeline for every session costs
 * more than playing it. Sessions that overlap have a pipeline each.
 */
export class StepRunner<In extends Vars, Out extends Vars> {
  readonly #idle: Pipeline<In, Out>[];

  /** Builds the step, so that its errors are thrown early. */
  constructor(private readonly step: Step<In, Out>) {
    this.#idle = [buildPipeline(step)];
  }

  /** Plays the step for a session, when subscribed to. */
  play(session: Session<In>): Flow<Out> {
    return new Observable((subscriber) => {
      const pipeline = this.#idle.pop() ?? buildPipeline(this.step);
      pipeline.session = session;
      pipeline.flow.subscribe(subscriber);
      // Last, when the whole pipeline is closed.
      subscriber.add(() => {
        pipeline.session = undefined;
        this.#idle.push(pipeline);
      });
    });
  }
}

/** The handlers of {@link runToEnd}, which calls exactly one of them, once, unless it is unsubscribed from. */
export interface EndHandlers<V extends Vars> {
  /** The part has completed, and emitted these sessions, in order. */
  completed(sessions: readonly Session<V>[]): void;
  failed(error: unknown): void;
}

/**
 * Plays a part of a scenario to its end, and calls a handler when the part is closed, so that it may be played again
 * at once.
 */
export function runToEnd<V extends Vars>(flow: Flow<V>, handlers: EndHandlers<V>): Subscription {
  const sessions: Session<V>[] = [];
  let end: (() => void) | undefined;
  const playing = flow.subscribe({
    next: (session) => {
      sessions.push(session);
    },
    error: (error: unknown) => {
      end = () => handlers.failed(error);
    },
    complete: () => {
      end = () => handlers.completed(sessions);
    },
  });
  playing.add(() => end?.());
  return playing;
}
