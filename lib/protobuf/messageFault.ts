import type { Path } from '../codec/report/path.js';

/** Why a JSON value is no message of a type. */
export class MessageFault extends Error {
  override readonly name = 'MessageFault';

  /**
   * @param path The way to the part that does not fit. Empty: the value as a whole.
   * @param part `key` for a field that does not exist.
   */
  constructor(
    message: string,
    readonly hint?: string,
    readonly path: Path = [],
    readonly part: 'key' | 'value' = 'value',
  ) {
    super(message);
  }
}
