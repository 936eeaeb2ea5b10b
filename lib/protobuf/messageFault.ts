/** Why a JSON value is no message of a type. */
export class MessageFault extends Error {
  override readonly name = 'MessageFault';

  constructor(
    message: string,
    readonly hint?: string,
  ) {
    super(message);
  }
}
