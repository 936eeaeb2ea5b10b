import { isLeft } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { type Advised, advised } from './advised.js';
import type { Codec } from './codec.js';
import { fail } from './fail.js';
import type { FlawCode } from './flaw.js';
import type { JsonSchema } from './jsonSchema.js';
import { withSchema } from './withSchema.js';

/** What {@link checked} can say besides. */
export interface CheckedOptions<A> {
  /** What the reader can do about a value that does not hold. */
  readonly hint?: (value: A, raw: unknown) => string | undefined;
  /** The condition as keywords of JSON Schema, as far as they can say it. */
  readonly schema?: JsonSchema;
}

/**
 * Adds a condition to a codec.
 *
 * @example
 * const port = checked(integer, (n) => n > 0 && n < 65536, 'a port from 1 to 65535', 'max');
 */
export function checked<A>(
  codec: Codec<A>,
  holds: (value: A) => boolean,
  expected: string,
  code: FlawCode,
  { hint, schema = {} }: CheckedOptions<A> = {},
): Codec<A> {
  const validate: t.Validate<unknown, A> = (raw, context) => {
    const decoded = codec.validate(raw, context);
    if (isLeft(decoded) || holds(decoded.right)) return decoded;
    return fail(raw, context, code, expected, hint?.(decoded.right, raw));
  };
  const is = (raw: unknown): raw is A => !isLeft(validate(raw, []));
  const narrowed = new t.Type<A, unknown, unknown>(expected, is, validate, codec.encode);
  return withSchema(advised(narrowed, (codec as Advised).advise), (schemaOf) => ({ ...schemaOf(codec), ...schema }));
}
