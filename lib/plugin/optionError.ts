import { describeError } from '../core/errorContext.js';

/** What an option of a component names cannot be used, such as a file. */
export class OptionError extends Error {
  override readonly name = 'OptionError';
  /** The remedy. */
  readonly hint: string | undefined;

  /**
   * @param key Of the options, with dots for maps inside.
   * @param cause Its message and its hint are those of this error.
   */
  constructor(
    readonly key: string,
    cause: unknown,
  ) {
    super(describeError(cause), { cause });
    this.hint = (cause as { readonly hint?: string }).hint;
  }
}
