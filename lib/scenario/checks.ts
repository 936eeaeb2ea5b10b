import { isDeepStrictEqual } from 'node:util';
import { A_TEXT, AN_OBJECT, checkArgument } from '../core/argument.js';
import { ElpisError } from '../core/errors.js';
import type { Bytes, Millis } from '../core/units.js';
import type { TransportResponse } from '../protocols/transport.js';
import { A_PATTERN } from './arguments.js';
import { jsonQuery } from './extractors/json.js';
import { matcherOf } from './extractors/limits.js';
import type { Vars } from './session.js';
import type { Json } from './steps/request.js';

type Matcher = (response: TransportResponse, text: string) => boolean;

/** True when an expression matches anywhere in a text. */
function matching(expression: RegExp): Matcher {
  const find = matcherOf(expression);
  return (response, text) => find(response, text) !== null;
}

/**
 * A test of a response: any function that returns true when the response is as expected, or one of `status`,
 * `headerIs`, `bodyHas`, `jsonIs`, `size`, `time`.
 *
 * @param ms Service time of the request.
 */
export type Test<V extends Vars = Vars> = (response: TransportResponse, vars: V, ms: Millis) => boolean;

/**
 * The body, as UTF-8, contains a text or matches an expression.
 *
 * @example
 * check({ 'greets us': bodyHas('Welcome'), 'has a price': bodyHas(/\d+\.\d\d/) });
 */
export function bodyHas(expected: string | RegExp): Test {
  checkArgument('bodyHas', 'expected', expected, A_PATTERN);
  const has: Matcher = typeof expected === 'string' ? (_, text) => text.includes(expected) : matching(expected);
  return (response) => has(response, response.text);
}

/**
 * A header exists, and has that value or matches that expression. Names are case-insensitive.
 *
 * @example
 * check({ 'is JSON': headerIs('content-type', /^application\/json/) });
 */
export function headerIs(name: string, expected: string | RegExp = /^/): Test {
  checkArgument('headerIs', 'name', name, A_TEXT);
  checkArgument('headerIs', 'expected', expected, A_PATTERN);
  const is: Matcher = typeof expected === 'string' ? (_, value) => value === expected : matching(expected);
  return (response) => response.allHeaders(name).some((value) => is(response, value));
}

/**
 * The first value that a JSONPath (RFC 9535) selects in the body equals a value or passes a test. With neither, it must
 * only exist.
 *
 * @throws ElpisError `ELPIS_CONFIG` for a text that is not a JSONPath.
 * @example
 * check({ 'is open': jsonIs('$.state', 'open'), 'has goods': jsonIs('$.goods[0]') });
 */
export function jsonIs(path: string, expected?: Json | ((value: unknown) => boolean)): Test {
  checkArgument('jsonIs', 'path', path, A_TEXT);
  const query = jsonQuery(path);
  return (response) => {
    const [found] = query(response);
    if (found === undefined || expected === undefined) return found !== undefined;
    return typeof expected === 'function' ? expected(found) : isDeepStrictEqual(found, expected);
  };
}

/**
 * The decoded body has a size in bytes of at least `min` and at most `max`.
 *
 * @example
 * check({ 'not empty': size({ min: 1 }), 'not too long': size({ max: 65_536 }) });
 */
export function size(range: { readonly min?: Bytes; readonly max?: Bytes }): Test {
  checkArgument('size', 'range', range, { ...AN_OBJECT, hint: 'such as { min: 1, max: 1000 }, in bytes' });
  const { min = 0, max = Number.POSITIVE_INFINITY } = range;
  if (!(min <= max))
    throw new ElpisError('ELPIS_CONFIG', `size: min is ${min} and max is ${max}, expected a max of at least min`);
  return ({ size }) => size >= min && size <= max;
}

const A_STATUS = {
  expected: 'a number such as 200, or a class such as 2xx',
  holds: (value: unknown) => typeof value === 'number' || /^[1-5]xx$/.test(String(value)),
};

/** A class of statuses. */
export type StatusClass = '1xx' | '2xx' | '3xx' | '4xx' | '5xx';

/**
 * The status is one of those given; a class such as `'2xx'` means 200 to 299.
 *
 * @example
 * check({ 'there or moved': status(200, '3xx') });
 */
export function status(...expected: readonly (number | StatusClass)[]): Test {
  if (expected.length === 0) throw new ElpisError('ELPIS_CONFIG', 'status: no status is given, expected at least one');
  for (const each of expected) checkArgument('status', 'a status', each, A_STATUS);
  return (response) =>
    expected.some((each) =>
      typeof each === 'number' ? each === response.status : each[0] === String(Math.floor(response.status / 100)),
    );
}

/**
 * The response was complete within this many milliseconds after the request.
 *
 * @example
 * check({ 'fast enough': time(250) });
 */
export function time(max: Millis): Test {
  if (!(max >= 0)) throw new ElpisError('ELPIS_CONFIG', `time: ${max} ms, expected a number of at least 0`);
  return (_response, _vars, ms) => ms <= max;
}
