import { isLeft } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { type Advised, advised } from './advice.js';
import { type Codec, fail, type IssueCode } from './issue.js';
import { type JsonSchema, withSchema } from './schema.js';

/** Options of {@link checked}. */
export interface CheckedOptions<A> {
  /** The hint for a value that is refused. */
  readonly hint?: (value: A, raw: unknown) => string | undefined;
  /** The condition as keywords of JSON Schema, as far as possible. */
  readonly schema?: JsonSchema;
}

/**
 * Adds a condition to a codec.
 *
 * @example
 * const port = checked(integer, (n) => n > 0 && n < 65536, 'a port from 1 to 65535', 'max');
 */
export function checked<A, W = unknown>(
  codec: Codec<A, W>,
  holds: (value: A) => boolean,
  expected: string,
  code: IssueCode,
  { hint, schema = {} }: CheckedOptions<A> = {},
): Codec<A, W> {
  const validate: t.Validate<unknown, A> = (raw, context) => {
    const decoded = codec.validate(raw, context);
    if (isLeft(decoded) || holds(decoded.right)) return decoded;
    return fail(raw, context, code, expected, hint?.(decoded.right, raw));
  };
  const is = (raw: unknown): raw is A => !isLeft(validate(raw, []));
  const narrowed = new t.Type<A, W, unknown>(expected, is, validate, codec.encode);
  return withSchema(advised(narrowed, (codec as Advised).advise), (schemaOf) => ({ ...schemaOf(codec), ...schema }));
}

/** A number of at least `min`. @example atLeast(integer, 1) */
export function atLeast<W = unknown>(codec: Codec<number, W>, min: number): Codec<number, W> {
  return checked(codec, (value) => value >= min, `${codec.name} of at least ${min}`, 'min', {
    schema: { minimum: min },
  });
}

/** A number of at most `max`. @example atMost(integer, 65535) */
export function atMost<W = unknown>(codec: Codec<number, W>, max: number): Codec<number, W> {
  return checked(codec, (value) => value <= max, `${codec.name} of at most ${max}`, 'max', {
    schema: { maximum: max },
  });
}
