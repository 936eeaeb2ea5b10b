import { matches } from './matches.js';
import type { Test } from './test.js';

/**
 * A header is there, with that value or matching that expression. Names in upper or lower case.
 *
 * @example
 * check({ 'is JSON': headerIs('content-type', /^application\/json/) });
 */
export function headerIs(name: string, expected: string | RegExp = /^/): Test {
  return (response) => response.allHeaders(name).some((value) => matches(value, expected));
}
