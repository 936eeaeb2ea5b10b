import { isLeft, right } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { type Advise, advised } from './advised.js';
import type { Codec } from './codec.js';
import { fail } from './fail.js';
import type { FlawCode } from './flaw.js';

/** Outcome of {@link scalar}'s parse function: a value, or what is wrong. */
export type Parsed<A> = { readonly value: A } | { readonly code: FlawCode; readonly hint?: string };

/**
 * A codec for a single value from a parse function.
 *
 * @param name What is expected, in words; it becomes the message.
 * @param advise What is accepted but probably not meant; it becomes a warning.
 * @example
 * const even = scalar<number>('an even number', (raw) =>
 *   typeof raw === 'number' && raw % 2 === 0 ? { value: raw } : { code: 'wrong-type' });
 */
export function scalar<A>(name: string, parse: (raw: unknown) => Parsed<A>, advise?: Advise): Codec<A> {
  const validate: t.Validate<unknown, A> = (raw, context) => {
    const parsed = parse(raw);
    return 'value' in parsed ? right(parsed.value) : fail(raw, context, parsed.code, name, parsed.hint);
  };
  const is = (raw: unknown): raw is A => !isLeft(validate(raw, []));
  return advised(new t.Type<A, unknown, unknown>(name, is, validate, t.identity), advise);
}
