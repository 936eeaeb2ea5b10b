import { config } from 'rxjs';

/** Where an error goes that has no stream any more. */
export interface CloseErrorOptions {
  /**
   * Called with an error of closing an input: a `finally` block or `return()` of an iterator that throws or rejects, a
   * teardown that throws, or a read that fails after the close. The stream is over by then, so it cannot carry the error.
   * Default: `config.onUnhandledError` of RxJS when that is set; otherwise the error is dropped.
   */
  readonly onCloseError?: ((error: unknown) => void) | undefined;
}

/** Reports an error of closing as the options say. */
export function reportCloseError(error: unknown, { onCloseError }: CloseErrorOptions): void {
  (onCloseError ?? config.onUnhandledError)?.(error);
}
