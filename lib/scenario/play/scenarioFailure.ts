import type { NetFailure } from '../../protocols/netFailure.js';

/**
 * Ends a scenario, or the part of it that a `retry` plays, because a request or a check failed. It travels as the error of the
 * flow, so RxJS's own `retry` and `catchError` see it too. It never ends the run: the samples tell of it.
 */
export class ScenarioFailure extends Error {
  override readonly name = 'ScenarioFailure';

  /** @param failure What the samples of the scenario and of its groups say. */
  constructor(
    readonly failure: NetFailure,
    readonly where: string,
  ) {
    super(`${where}: ${failure.errorName}`);
  }
}
