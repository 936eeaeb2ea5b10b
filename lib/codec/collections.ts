import { isLeft, left, right } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { type Codec, fail } from './issue.js';
import { withSchema } from './schema.js';
import { isMap } from './struct.js';

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

/** A map with free keys whose values are all read by one codec; the flaws of every value are collected. */
export function mapOf<A>(value: Codec<A>): Codec<Readonly<Record<string, A>>> {
  const name = `a map of ${value.name}`;
  const validate: t.Validate<unknown, Readonly<Record<string, A>>> = (raw, context) => {
    if (!isMap(raw)) return fail(raw, context, 'not-a-map', name);
    const flaws: t.Errors = [];
    const entries: [string, A][] = [];
    for (const [key, element] of Object.entries(raw)) {
      const result = value.validate(element, t.appendContext(context, key, value, element));
      if (isLeft(result)) flaws.push(...result.left);
      else entries.push([key, result.right]);
    }
    return flaws.length > 0 ? left(flaws) : right(Object.fromEntries(entries));
  };
  const is = (raw: unknown): raw is Readonly<Record<string, A>> => isMap(raw) && Object.values(raw).every(value.is);
  const codec = new t.Type<Readonly<Record<string, A>>, unknown, unknown>(name, is, validate, t.identity);
  return withSchema(codec, (schemaOf) => ({ type: 'object', additionalProperties: schemaOf(value) }));
}
