import { config } from 'rxjs';

/** The receiver of errors after the end of a stream. */
export interface CloseErrorOptions {
  /**
   * Called with an error of closing an input: a `finally` block or `return()` of an iterator that throws or rejects, a
   * teardown that throws, or a read that fails after the close. The stream has ended by then, so it cannot emit the
   * error. Default: `config.onUnhandledError` of RxJS when that is set; otherwise the error is dropped.
   */
  readonly onCloseError?: ((error: unknown) => void) | undefined;
}

/** Reports an error of closing to the receiver in the options. */
export function reportCloseError(error: unknown, { onCloseError }: CloseErrorOptions): void {
  (onCloseError ?? config.onUnhandledError)?.(error);
}
