import { isLeft, left, right } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { type Codec, codecIssue, fail } from './issue.js';
import { withSchema } from './schema.js';
import { isMap } from './struct.js';

/** After this many wrong items of a list the rest is not read, because a list of the wrong kind may have millions. */
export const MAX_WRONG_ITEMS = 100;

/** A list whose items are all read by one codec; the issues of every item are collected. */
export function listOf<A, W = unknown>(
  item: Codec<A, W>,
  name = `a list of ${item.name}`,
): Codec<readonly A[], readonly W[]> {
  const validate: t.Validate<unknown, readonly A[]> = (raw, context) => {
    if (!Array.isArray(raw)) return fail(raw, context, 'not-a-list', name);
    const issues: t.Errors = [];
    const values: A[] = [];
    let wrong = 0;
    for (const [index, element] of (raw as readonly unknown[]).entries()) {
      const result = item.validate(element, t.appendContext(context, String(index), item, element));
      if (isLeft(result)) {
        issues.push(...result.left);
        wrong++;
      } else values.push(result.right);
      if (wrong === MAX_WRONG_ITEMS && index < raw.length - 1) {
        const message = `${MAX_WRONG_ITEMS} items are wrong; the other ${raw.length - index - 1} were not checked`;
        issues.push({ ...codecIssue(raw, context, 'bad-value', name), message });
        break;
      }
    }
    return issues.length > 0 ? left(issues) : right(values);
  };
  const is = (raw: unknown): raw is readonly A[] => Array.isArray(raw) && raw.every(item.is);
  const encode = (values: readonly A[]): readonly W[] => values.map(item.encode);
  const codec = Object.assign(new t.Type<readonly A[], readonly W[], unknown>(name, is, validate, encode), { item });
  return withSchema(codec, (schemaOf) => ({ type: 'array', items: schemaOf(item) }));
}

/** A map with free keys whose values are all read by one codec; the issues of every value are collected. */
export function mapOf<A, W = unknown>(
  value: Codec<A, W>,
): Codec<Readonly<Record<string, A>>, Readonly<Record<string, W>>> {
  const name = `a map of ${value.name}`;
  const validate: t.Validate<unknown, Readonly<Record<string, A>>> = (raw, context) => {
    if (!isMap(raw)) return fail(raw, context, 'not-a-map', name);
    const issues: t.Errors = [];
    const entries: [string, A][] = [];
    for (const [key, element] of Object.entries(raw)) {
      const result = value.validate(element, t.appendContext(context, key, value, element));
      if (isLeft(result)) issues.push(...result.left);
      else entries.push([key, result.right]);
    }
    return issues.length > 0 ? left(issues) : right(Object.fromEntries(entries));
  };
  const is = (raw: unknown): raw is Readonly<Record<string, A>> => isMap(raw) && Object.values(raw).every(value.is);
  type Decoded = Readonly<Record<string, A>>;
  type Written = Readonly<Record<string, W>>;
  const encode = (values: Decoded): Written =>
    Object.fromEntries(Object.entries(values).map(([key, element]) => [key, value.encode(element)]));
  const codec = new t.Type<Decoded, Written, unknown>(name, is, validate, encode);
  return withSchema(codec, (schemaOf) => ({ type: 'object', additionalProperties: schemaOf(value) }));
}
