import type { NetFailure } from '../protocols/netFailure.js';

/** A request that failed without an error of the system, such as for a response that is not HTTP. */
export class ExchangeError extends Error {
  override readonly name = 'ExchangeError';

  constructor(
    readonly failure: NetFailure,
    message: string,
  ) {
    super(message);
  }
}
