import { matches } from './matches.js';
import type { Test } from './test.js';

/**
 * The body, as UTF-8, contains a text or matches an expression.
 *
 * @example
 * check({ 'greets us': bodyHas('Welcome'), 'has a price': bodyHas(/\d+\.\d\d/) });
 */
export function bodyHas(expected: string | RegExp): Test {
  return ({ text }) => (typeof expected === 'string' ? text.includes(expected) : matches(text, expected));
}
