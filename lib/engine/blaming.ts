import { catchError, type MonoTypeOperatorFunction, throwError } from 'rxjs';
import { blame, type Otherwise } from '../core/blame.js';
import type { Culprit } from '../core/errors.js';

/** Adds the place to the error of a stream, as `blame` does. */
export function blaming<T>(culprit: Culprit, otherwise?: Otherwise): MonoTypeOperatorFunction<T> {
  return catchError((error: unknown) => throwError(() => blame(error, culprit, otherwise)));
}
