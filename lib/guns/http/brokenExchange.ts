import type { NetFailure } from '../../protocols/netFailure.js';

/** A request that failed for a reason that no error of the system names, such as a response that is no HTTP. */
export class BrokenExchange extends Error {
  override readonly name = 'BrokenExchange';

  constructor(
    readonly failure: NetFailure,
    message: string,
  ) {
    super(message);
  }
}
