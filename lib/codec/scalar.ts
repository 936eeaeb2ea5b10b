import { isLeft, right } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { type Advise, advised } from './advised.js';
import type { Codec } from './codec.js';
import { fail } from './fail.js';
import type { FlawCode } from './flaw.js';
import type { JsonSchema } from './jsonSchema.js';
import { orReference } from './orReference.js';
import { withSchema } from './withSchema.js';

/** Outcome of {@link scalar}'s parse function: a value, or what is wrong. */
export type Parsed<A> = { readonly value: A } | { readonly code: FlawCode; readonly hint?: string };

/** What a {@link scalar} is. */
export interface AboutScalar {
  /** What is expected, in words; it becomes the message. */
  readonly name: string;
  /** What an editor accepts besides a `${...}` reference, as JSON Schema. Default: anything. */
  readonly schema?: JsonSchema;
  /** What is accepted but probably not meant; it becomes a warning. */
  readonly advise?: Advise;
}

/**
 * A codec for a single value from a parse function.
 *
 * @param about What is expected, in words, or more about it.
 * @example
 * const even = scalar<number>('an even number', (raw) =>
 *   typeof raw === 'number' && raw % 2 === 0 ? { value: raw } : { code: 'wrong-type' });
 */
export function scalar<A>(about: string | AboutScalar, parse: (raw: unknown) => Parsed<A>): Codec<A> {
  const { name, schema, advise }: AboutScalar = typeof about === 'string' ? { name: about } : about;
  const validate: t.Validate<unknown, A> = (raw, context) => {
    const parsed = parse(raw);
    return 'value' in parsed ? right(parsed.value) : fail(raw, context, parsed.code, name, parsed.hint);
  };
  const is = (raw: unknown): raw is A => !isLeft(validate(raw, []));
  const codec = advised(new t.Type<A, unknown, unknown>(name, is, validate, t.identity), advise);
  return schema === undefined ? codec : withSchema(codec, () => orReference(schema, name));
}
