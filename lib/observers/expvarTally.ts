import type { PoolEvent } from '../engine/runPool.js';

/** Pandora's live counters, by Pandora's names. Rates are differences over the last second. */
export interface ExpvarCounters {
  readonly engine_Requests: number;
  readonly engine_Responses: number;
  readonly engine_UsersStarted: number;
  readonly engine_UsersFinished: number;
  readonly engine_ReqPS: number;
  readonly engine_ResPS: number;
  readonly engine_ActiveUsers: number;
  readonly engine_ActiveRequests: number;
}

interface Totals {
  readonly requests: number;
  readonly responses: number;
  readonly started: number;
  readonly finished: number;
}

const NOTHING: Totals = { requests: 0, responses: 0, started: 0, finished: 0 };

/** Adds up the progress of all pools, as told by the events of a run. */
export class ExpvarTally {
  readonly #now = new Map<string, Totals>();
  readonly #before = new Map<string, Totals>();

  see(event: PoolEvent): void {
    if (event.type !== 'progress' && event.type !== 'pool-finished') return;
    const { requests, responses, instances, instancesStarted } = event.progress;
    this.#before.set(event.pool, this.#now.get(event.pool) ?? NOTHING);
    this.#now.set(event.pool, {
      requests,
      responses,
      started: instancesStarted,
      finished: instancesStarted - instances,
    });
  }

  counters(): ExpvarCounters {
    const sum = (totals: Map<string, Totals>, key: keyof Totals): number =>
      [...totals.values()].reduce((total, pool) => total + pool[key], 0);
    const requests = sum(this.#now, 'requests');
    const responses = sum(this.#now, 'responses');
    const started = sum(this.#now, 'started');
    const finished = sum(this.#now, 'finished');
    return {
      engine_Requests: requests,
      engine_Responses: responses,
      engine_UsersStarted: started,
      engine_UsersFinished: finished,
      engine_ReqPS: requests - sum(this.#before, 'requests'),
      engine_ResPS: responses - sum(this.#before, 'responses'),
      engine_ActiveUsers: started - finished,
      engine_ActiveRequests: requests - responses,
    };
  }
}
