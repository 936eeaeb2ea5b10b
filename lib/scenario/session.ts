import type { Observable } from 'rxjs';
import type { EpochMs } from '../core/units.js';
import type { TransportResponse } from '../protocols/transport.js';
import type { StepScope } from './context.js';
import type { LongPipe } from './pipe.js';
import type { PendingSample } from './sampleBuffer.js';

/** What a session remembers: values by name. No names are known unless a type says so, so that a missing one is an error. */
export type Vars = object;

/** The variables of a session that remembers nothing yet. */
export type NoVars = Readonly<Record<never, never>>;

/**
 * What one run of a scenario knows at one point: its variables, whose names and types the compiler follows from step to step,
 * and the last response. Immutable: a step that adds something makes a new one.
 *
 * @example
 * declare const flow: Flow<{ user: string }>;
 * flow.pipe(map((session) => session.with({ greeting: `hello ${session.vars.user}` })));
 */
export class Session<V extends Vars = NoVars> {
  /**
   * @param scope The scenario or group in which it is; for steps.
   * @param exchange The last request and its response; for steps.
   * @param due When the next request was meant to be sent; 0 when as soon as possible.
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

  /** Id of the instance that plays. */
  get instance(): number {
    return this.scope.shot.instance;
  }

  /** The ammo of this start: the scenario, with what operators of your own have added to it. */
  get ammo(): unknown {
    return this.scope.shot.ammo;
  }

  /** The session with more variables. A variable keeps the type that it was given first. */
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

  /** The session whose next request is meant for a moment; for steps. */
  dueAt(due: EpochMs): Session<V> {
    return new Session(this.vars, this.scope, this.exchange, due);
  }
}

/**
 * The sessions that pass a point of a scenario: one, unless an operator of your own makes more or fewer of it. It is an
 * Observable, whose `pipe` takes up to 20 operators.
 */
export type Flow<V extends Vars = NoVars> = LongPipe<Session<V>> & Observable<Session<V>>;

/**
 * A part of a scenario: an RxJS operator over sessions, so any `(flow) => flow.pipe(...)`. It asks for the variables `In` and
 * leaves `Out`.
 */
export type Step<In extends Vars, Out extends Vars = In> = (flow: Flow<In>) => Observable<Session<Out>>;

/** A part of a step: a value, or a function that makes it of the session's variables. */
export type Part<V extends Vars, T> = T | ((vars: V, session: Session<V>) => T);

/** The value of a part for a session. */
export function partOf<V extends Vars, T>(part: Part<V, T>, session: Session<V>): T {
  return typeof part === 'function' ? (part as (vars: V, session: Session<V>) => T)(session.vars, session) : part;
}
