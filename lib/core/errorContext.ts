import { ElpisError, type ErrorCode, type ErrorContext, isElpisError } from './errors.js';

/** The message of anything that was thrown. */
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
 * Adds to an error where it happened. An {@link ElpisError} keeps its code and gets the fields that it does not have yet; with
 * its pool it also gets the name of the pool in front of its message. Anything else becomes the cause of an ElpisError with
 * the given code.
 *
 * @param context Where it happened, as far as that is known.
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
