import type { Left } from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';
import type { Flaw, FlawCode } from './flaw.js';

/** Builds the failed result of a codec: one flaw at the place that `context` names. */
export function fail(
  value: unknown,
  context: t.Context,
  code: FlawCode,
  expected: string,
  hint?: string,
): Left<Flaw[]> {
  return { _tag: 'Left', left: [{ value, context, code, expected, hint, message: `expected ${expected}` }] };
}
