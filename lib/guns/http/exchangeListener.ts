import type { NetFailure } from '../../protocols/netFailure.js';

/** A request that failed for a reason that no error of the system names, such as a response that is not HTTP. */
export class ExchangeError extends Error {
  override readonly name = 'ExchangeError';

  constructor(
    readonly failure: NetFailure,
    message: string,
  ) {
    super(message);
  }
}

/** What a connection reports about the request that it carries. */
export interface ExchangeListener {
  /** The connection is open and can carry a request. Called once per connection, on the listener that opened it. */
  opened(): void;
  /** The operating system has taken the whole request. Called only when the connection times its requests. */
  written(): void;
  /** The first bytes of the response arrived; `complete` follows at once when they are the whole response. */
  firstBytes(): void;
  /** The status is known and the body is still to come. */
  answered(): void;
  /** The response is complete. `reusable` when the connection can carry another request. */
  complete(reusable: boolean): void;
  /** The connection could not be opened, or it broke, or the bytes received are not HTTP. The connection is closed. */
  failed(error: unknown): void;
}
