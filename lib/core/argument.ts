import { excerpt } from './errorContext.js';
import { ElpisError } from './errors.js';

/** What an argument must be. */
export interface Expectation {
  /** For the message: `expected a function`. */
  readonly expected: string;
  readonly holds: (value: unknown) => boolean;
  readonly hint?: string;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const has = (value: unknown, method: PropertyKey): boolean =>
  isObject(value) && typeof (value as Record<PropertyKey, unknown>)[method] === 'function';

/** A function. */
export const A_FUNCTION: Expectation = { expected: 'a function', holds: (value) => typeof value === 'function' };

/** A text. */
export const A_TEXT: Expectation = { expected: 'a text', holds: (value) => typeof value === 'string' };

/** A list. */
export const A_LIST: Expectation = { expected: 'a list', holds: Array.isArray };

/** An object that is no list. */
export const AN_OBJECT: Expectation = {
  expected: 'an object',
  holds: (value) => isObject(value) && !Array.isArray(value),
};

/** Where an Observable of another library has its function that returns it as one, as in RxJS. */
const INTEROP = (Symbol as { readonly observable?: symbol }).observable ?? '@@observable';

/** An `ObservableInput` of RxJS: a text is one too, of its characters. */
export const A_STREAM: Expectation = {
  expected: 'an Observable, a promise or an iterable',
  holds: (value) =>
    typeof value === 'string' ||
    ['subscribe', INTEROP, 'then', Symbol.iterator, Symbol.asyncIterator, 'getReader'].some((method) =>
      has(value, method),
    ),
};

/** An object with the given method. */
export function withMethod(method: string, expected: string, hint: string): Expectation {
  return { expected, hint, holds: (value) => has(value, method) };
}

/** Either of two. */
export function either(a: Expectation, b: Expectation): Expectation {
  const { hint = b.hint } = a;
  const expected = `${a.expected} or ${b.expected}`;
  return { expected, holds: (value) => a.holds(value) || b.holds(value), ...(hint === undefined ? {} : { hint }) };
}

function shown(value: unknown): string {
  if (typeof value === 'string') return excerpt(value);
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return 'a list';
  return isObject(value) ? 'an object' : String(value);
}

/**
 * Checks an argument of a public function. The compiler refuses a wrong one; a program in JavaScript gets the error where it calls the
 * function, and not when the run shoots.
 *
 * @param caller The name of the function.
 * @param name The name of the argument.
 * @throws ElpisError `ELPIS_CONFIG`.
 * @example
 * checkArgument('mapPulled', 'project', 5, A_FUNCTION); // throws: mapPulled: project is 5, expected a function
 */
export function checkArgument(
  caller: string,
  name: string,
  value: unknown,
  { holds, expected, hint }: Expectation,
): void {
  if (holds(value)) return;
  throw new ElpisError('ELPIS_CONFIG', `${caller}: ${name} is ${shown(value)}, expected ${expected}`, { hint });
}

/** Checks each value of a list; the message numbers them from 1. */
export function checkEach(caller: string, name: string, values: readonly unknown[], expectation: Expectation): void {
  for (const [i, value] of values.entries()) checkArgument(caller, `${name} ${i + 1}`, value, expectation);
}
