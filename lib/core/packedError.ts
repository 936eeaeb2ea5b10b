import { ElpisError, type ErrorCode, type ErrorContext } from './errors.js';

/** An {@link ElpisError} as plain data, for another thread or machine: a structured clone drops the fields of a class. */
export interface PackedError extends ErrorContext {
  readonly code: ErrorCode;
  readonly message: string;
  readonly stack: string | undefined;
  readonly hint: string | undefined;
  readonly also: readonly PackedError[] | undefined;
  /** Of the nearest cause that is an Error. */
  readonly cause: { readonly name: string; readonly message: string; readonly stack: string | undefined } | undefined;
}

/** An error as plain data. */
export function packError(error: ElpisError): PackedError {
  const { code, message, stack, hint, pool, component, instance, thread, place, also, cause } = error;
  return {
    ...{ code, message, stack, hint, pool, component, instance, thread, place },
    also: also?.map(packError),
    cause: cause instanceof Error ? { name: cause.name, message: cause.message, stack: cause.stack } : undefined,
  };
}

/** The error that {@link packError} made plain, with all of its fields. */
export function unpackError({ code, message, stack, also, cause, ...fields }: PackedError): ElpisError {
  const original = cause && Object.assign(new Error(cause.message), { name: cause.name, stack: cause.stack });
  const error = new ElpisError(code, message, { ...fields, also: also?.map(unpackError), cause: original });
  if (stack !== undefined) error.stack = stack;
  return error;
}
