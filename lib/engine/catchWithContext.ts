import { catchError, type MonoTypeOperatorFunction, throwError } from 'rxjs';
import { type ErrorFallback, withContext } from '../core/errorContext.js';
import type { ErrorContext } from '../core/errors.js';

/** Adds the place to the error of a stream, as `withContext` does. */
export function catchWithContext<T>(context: ErrorContext, fallback?: ErrorFallback): MonoTypeOperatorFunction<T> {
  return catchError((error: unknown) => throwError(() => withContext(error, context, fallback)));
}
