import { ElpisError, type ErrorCode, type ErrorContext, isElpisError } from './errors.js';

/** The message of any thrown value. */
export function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The code and message of an error that is not an {@link ElpisError}. */
export interface ErrorFallback {
  readonly code: ErrorCode;
  /** What failed, such as `the provider cannot be read`; the message of the error follows. */
  readonly what: string;
}

const INTERNAL: ErrorFallback = { code: 'ELPIS_INTERNAL', what: 'unexpected error' };

type Writable<T> = { -readonly [K in keyof T]: T[K] };

const prefixOf = (pool: string): string => `pool "${pool}": `;

/** The same error as another object, for an error that several pools share. */
function copyFor(error: ElpisError): Writable<ElpisError> {
  const copy = Object.create(Object.getPrototypeOf(error), Object.getOwnPropertyDescriptors(error));
  const prefix = prefixOf(error.pool ?? '');
  return Object.assign(copy, {
    pool: undefined,
    message: error.message.startsWith(prefix) ? error.message.slice(prefix.length) : error.message,
  });
}

/**
 * Adds its context to an error. An {@link ElpisError} keeps its code and gets the fields that it does not have yet;
 * with the pool, the name of the pool is also put before its message. Any other value becomes the cause of an
 * ElpisError with the given code.
 *
 * @param context The known parts of the context.
 * @param fallback Code and message of an error that is not an ElpisError. Default: an error of Elpis itself, `ELPIS_INTERNAL`.
 * @example
 * declare const cause: unknown;
 * throw withContext(cause, { component: { kind: 'gun', name: 'http' } }, { code: 'ELPIS_GUN', what: 'the gun cannot be made' });
 */
export function withContext(
  error: unknown,
  context: ErrorContext = {},
  { code, what }: ErrorFallback = INTERNAL,
): ElpisError {
  const known = isElpisError(error)
    ? error
    : new ElpisError(code, `${what}: ${describeError(error)}`, { cause: error });
  const shared = known.pool !== undefined && context.pool !== undefined && known.pool !== context.pool;
  const result: Writable<ElpisError> = shared ? copyFor(known) : known;
  if (context.pool !== undefined && result.pool === undefined) {
    result.pool = context.pool;
    result.message = `${prefixOf(context.pool)}${result.message}`;
  }
  if (context.component !== undefined) result.component ??= context.component;
  if (context.instance !== undefined) result.instance ??= context.instance;
  if (context.thread !== undefined) result.thread ??= context.thread;
  if (context.place !== undefined) result.place ??= context.place;
  return result;
}

/** One error for several: the first, with the others in its `also`, each message once. Undefined for none. */
export function combineErrors(failures: readonly ElpisError[]): ElpisError | undefined {
  const [first, ...others] = failures;
  if (first === undefined || others.length === 0) return first;
  const outermost: Writable<ElpisError> = first;
  const byMessage = new Map([...(first.also ?? []), ...others].reverse().map((other) => [other.message, other]));
  byMessage.delete(first.message);
  if (byMessage.size > 0) outermost.also = [...byMessage.values()].reverse();
  return first;
}

/**
 * The results of a function for all values, so that a user can mend all wrong values at once.
 *
 * @throws ElpisError The errors of all values for which the function throws one, combined. Another exception is thrown at once.
 *
 * @example
 * const [first, last] = allOrErrors(['1s', '5m'], parseDuration);
 */
export function allOrErrors<T, R>(values: readonly T[], resultOf: (value: T) => R): R[] {
  const failures: ElpisError[] = [];
  const results = values.flatMap((value) => {
    try {
      return [resultOf(value)];
    } catch (error) {
      if (!isElpisError(error)) throw error;
      failures.push(error);
      return [];
    }
  });
  const failure = combineErrors(failures);
  if (failure !== undefined) throw failure;
  return results;
}

const MAX_EXCERPT_LENGTH = 80;

/**
 * Text for a message: quoted, with visible control characters; of a long text the first 60 characters and its length.
 *
 * @example
 * excerpt('GET\t/'); // '"GET\\t/"'
 */
export function excerpt(text: string): string {
  if (text.length <= MAX_EXCERPT_LENGTH) return JSON.stringify(text);
  return `${JSON.stringify(text.slice(0, MAX_EXCERPT_LENGTH - 20))}... (${text.length} characters)`;
}
