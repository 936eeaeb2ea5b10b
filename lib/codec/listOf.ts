import { isLeft, left, right } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { Codec } from './codec.js';
import { fail } from './fail.js';
import { withSchema } from './withSchema.js';

/** A list whose items are all read by one codec; the flaws of every item are collected. */
export function listOf<A>(item: Codec<A>, name = `a list of ${item.name}`): Codec<readonly A[]> {
  const validate: t.Validate<unknown, readonly A[]> = (raw, context) => {
    if (!Array.isArray(raw)) return fail(raw, context, 'not-a-list', name);
    const flaws: t.Errors = [];
    const values: A[] = [];
    raw.forEach((element: unknown, index) => {
      const result = item.validate(element, t.appendContext(context, String(index), item, element));
      if (isLeft(result)) flaws.push(...result.left);
      else values.push(result.right);
    });
    return flaws.length > 0 ? left(flaws) : right(values);
  };
  const is = (raw: unknown): raw is readonly A[] => Array.isArray(raw) && raw.every(item.is);
  return withSchema(new t.Type<readonly A[], unknown, unknown>(name, is, validate, t.identity), (schemaOf) => ({
    type: 'array',
    items: schemaOf(item),
  }));
}
