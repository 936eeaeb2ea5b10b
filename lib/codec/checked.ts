import { isLeft } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { Codec } from './codec.js';
import { fail } from './fail.js';
import type { FlawCode } from './flaw.js';

/**
 * Adds a condition to a codec.
 *
 * @example
 * const port = checked(integer, (n) => n > 0 && n < 65536, 'a port from 1 to 65535', 'max');
 */
export function checked<A>(codec: Codec<A>, holds: (value: A) => boolean, expected: string, code: FlawCode): Codec<A> {
  const validate: t.Validate<unknown, A> = (raw, context) => {
    const decoded = codec.validate(raw, context);
    if (isLeft(decoded)) return decoded;
    return holds(decoded.right) ? decoded : fail(raw, context, code, expected);
  };
  const is = (raw: unknown): raw is A => !isLeft(validate(raw, []));
  return new t.Type<A, unknown, unknown>(expected, is, validate, codec.encode);
}
