import type { EpochMs } from '../../core/units.js';
import type { TransportResponse } from '../../protocols/transportResponse.js';
import type { OpenExchange } from '../play/openExchange.js';
import type { Stage } from '../play/stage.js';
import type { NoVars, Vars } from './vars.js';

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
   * @param stage Where it plays; for steps.
   * @param exchange The last request and its answer; for steps.
   * @param due When the next request was meant to be sent; 0 when as soon as possible.
   */
  constructor(
    readonly vars: V,
    readonly stage: Stage,
    readonly exchange?: OpenExchange,
    readonly due: EpochMs = 0,
  ) {}

  /** The answer of the last request; undefined before the first, and after one that failed. */
  get response(): TransportResponse | undefined {
    return this.exchange?.response;
  }

  /** Index of the scenario's start in the whole run, from 0, over all threads. */
  get index(): number {
    return this.stage.shot.index;
  }

  /** Id of the instance that plays. */
  get instance(): number {
    return this.stage.shot.instance;
  }

  /** The ammo that started the scenario, whatever the pool's provider gives. */
  get ammo(): unknown {
    return this.stage.shot.ammo;
  }

  /** The session with more variables. A variable keeps the type that it was given first. */
  with<X extends Vars>(more: X): Session<V & X> {
    return new Session<V & X>({ ...this.vars, ...more }, this.stage, this.exchange, this.due);
  }

  /** The session on another stage; for steps. */
  on(stage: Stage): Session<V> {
    return new Session(this.vars, stage, this.exchange, this.due);
  }

  /** The session after a request; for steps. */
  after(exchange: OpenExchange): Session<V> {
    return new Session(this.vars, this.stage, exchange);
  }

  /** The session whose next request is meant for a moment; for steps. */
  dueAt(due: EpochMs): Session<V> {
    return new Session(this.vars, this.stage, this.exchange, due);
  }
}
