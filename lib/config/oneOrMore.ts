import { isLeft, map } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { Codec } from '../codec/codec.js';
import { listOf } from '../codec/listOf.js';

/** One value or a list of them; always decodes to a list. */
export function oneOrMore<A>(item: Codec<A>): Codec<readonly A[]> {
  const list = listOf(item);
  const validate: t.Validate<unknown, readonly A[]> = (raw, context) =>
    Array.isArray(raw)
      ? list.validate(raw, context)
      : map((value: A): readonly A[] => [value])(item.validate(raw, context));
  const is = (raw: unknown): raw is readonly A[] => !isLeft(validate(raw, []));
  return new t.Type<readonly A[], unknown, unknown>(item.name, is, validate, t.identity);
}
