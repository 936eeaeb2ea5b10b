/**
 * A failed assertion with a picture: what node:test, vitest, jest and mocha all take for one. `expected` and `actual` are
 * drawings, so a runner that shows their difference shows aligned lines.
 */
export class PicturedError extends Error {
  override readonly name = 'AssertionError';
  readonly code = 'ERR_ASSERTION';
  readonly generatedMessage = false;
  /** Asks mocha for the difference. */
  readonly showDiff = true;

  constructor(
    message: string,
    readonly expected: string,
    readonly actual: string,
    readonly operator: string,
  ) {
    super(message);
  }
}
