import type { Observable } from 'rxjs';
import type { EpochMs } from '../core/units.js';
import type { TransportResponse } from '../protocols/transport.js';
import type { StepScope } from './context.js';
import type { LongPipe } from './pipe.js';
import type { PendingSample } from './sampleBuffer.js';

/** The variables of a session, by name. Only names in the type exist, so that a missing one is a compile error. */
export type Vars = object;

/** The variables of a new session: none. */
export type NoVars = Readonly<Record<never, never>>;

/**
 * The state of one run of a scenario at one point: the last response, and variables whose names and types the
 * compiler follows from step to step. Immutable: a step that adds a variable makes a new session.
 *
 * @example
 * declare const flow: Flow<{ user: string }>;
 * flow.pipe(map((session) => session.with({ greeting: `hello ${session.vars.user}` })));
 */
export class Session<V extends Vars = NoVars> {
  /**
   * @param scope The scenario or group that it is in; for steps.
   * @param exchange The last request and its response; for steps.
   * @param due The intended moment of the next request; 0 for as soon as possible.
   */
  constructor(
    readonly vars: V,
    readonly scope: StepScope,
    readonly exchange?: PendingSample,
    readonly due: EpochMs = 0,
  ) {}

  /** The response of the last request; undefined before the first, and after one that failed. */
  get response(): TransportResponse | undefined {
    return this.exchange?.response;
  }

  /** Index of the scenario's start in the whole run, from 0, over all threads. */
  get index(): number {
    return this.scope.shot.index;
  }

  /** Id of the instance. */
  get instance(): number {
    return this.scope.shot.instance;
  }

  /** The ammo of this start: the scenario, and the fields that your own operators added to it. */
  get ammo(): unknown {
    return this.scope.shot.ammo;
  }

  /** The session with more variables. A variable keeps its first type. */
  with<X extends Vars>(more: X): Session<V & X> {
    return new Session<V & X>({ ...this.vars, ...more }, this.scope, this.exchange, this.due);
  }

  /** The session on another scope; for steps. */
  on(scope: StepScope): Session<V> {
    return new Session(this.vars, scope, this.exchange, this.due);
  }

  /** The session after a request; for steps. */
  after(exchange: PendingSample): Session<V> {
    return new Session(this.vars, this.scope, exchange);
  }

  /** The session whose next request is intended for a moment; for steps. */
  dueAt(due: EpochMs): Session<V> {
    return new Session(this.vars, this.scope, this.exchange, due);
  }
}

/**
 * The sessions that pass a point of a scenario: one, unless your own operator changes the number. It is an
 * Observable, whose `pipe` takes up to 20 operators.
 */
export type Flow<V extends Vars = NoVars> = LongPipe<Session<V>> & Observable<Session<V>>;

/**
 * A part of a scenario: an RxJS operator over sessions, so any `(flow) => flow.pipe(...)`. It needs the variables
 * `In` and returns the variables `Out`.
 */
export type Step<In extends Vars, Out extends Vars = In> = (flow: Flow<In>) => Observable<Session<Out>>;

/** A part of a step: a value, or a function from the session's variables to it. */
export type Part<V extends Vars, T> = T | ((vars: V, session: Session<V>) => T);

/** The value of a part for a session. */
export function partOf<V extends Vars, T>(part: Part<V, T>, session: Session<V>): T {
  return typeof part === 'function' ? (part as (vars: V, session: Session<V>) => T)(session.vars, session) : part;
}
