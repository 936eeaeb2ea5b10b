import { catchError, type MonoTypeOperatorFunction, throwError } from 'rxjs';
import { ElpisError, type ErrorCode, isElpisError } from '../core/errors.js';

/** The message of anything that was thrown. */
export function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Says in an error whose fault it was: an error that is not Elpis's own becomes one with this code and culprit; the
 * original is its cause.
 */
export function blame<T>(code: ErrorCode, culprit: string): MonoTypeOperatorFunction<T> {
  return catchError((error: unknown) =>
    throwError(() =>
      isElpisError(error)
        ? error
        : new ElpisError(code, `${culprit} failed: ${describeError(error)}`, { cause: error }),
    ),
  );
}
