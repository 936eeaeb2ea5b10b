import type { Left } from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';

/** Stable names of what can be wrong with a configuration value. */
export type FlawCode =
  | 'required'
  | 'unknown-key'
  | 'duplicate-key'
  | 'wrong-type'
  | 'not-a-map'
  | 'not-a-list'
  | 'missing-type'
  | 'unknown-plugin-type'
  | 'negative-number'
  | 'min'
  | 'max'
  | 'min-time'
  | 'one-of'
  | 'bad-duration'
  | 'bad-size'
  | 'endpoint'
  | 'bad-url'
  | 'bad-ip'
  | 'bad-header'
  | 'bad-reference'
  | 'bad-time-zone'
  | 'bad-module'
  | 'broken-codec'
  | 'missing-file'
  | 'file-and-uris'
  | 'empty-file'
  | 'bad-json'
  | 'not-object-or-array'
  | 'bad-value';

/** One thing that is wrong, where, and what was expected: an io-ts validation error with a code. */
export interface Flaw extends t.ValidationError {
  readonly code: FlawCode;
  /** What would have been right, in words, such as `duration such as 30s`. */
  readonly expected: string;
  /** What the reader can do about it. */
  readonly hint?: string | undefined;
}

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

/**
 * Reads a configuration value: it accepts anything and returns a typed value, or every flaw that it found.
 *
 * @typeParam A What it decodes to.
 * @typeParam W What may be written in code, and what `encode` returns: `'30s'` for a duration.
 */
export type Codec<A, W = unknown> = t.Type<A, W, unknown>;
