import { isLeft, left, right } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { closest } from './closest.js';
import type { Codec } from './codec.js';
import { fail } from './fail.js';
import type { Field } from './field.js';
import { foldKey } from './foldKey.js';
import { isMap } from './isMap.js';
import { spelling } from './spelling.js';

/** The keys of a struct. */
// biome-ignore lint/suspicious/noExplicitAny: the value type of each field is inferred where the struct is written
export type Fields = Readonly<Record<string, Field<any>>>;

/** What a struct decodes to. */
export type StructOf<F extends Fields> = { readonly [K in keyof F]: F[K] extends Field<infer A> ? A : never };

/** A codec that also tells its keys, for listings and schemas. */
export type Struct<F extends Fields> = Codec<StructOf<F>> & { readonly fields: F };

class StructType<F extends Fields> extends t.Type<StructOf<F>, unknown, unknown> {
  constructor(
    name: string,
    readonly fields: F,
    validate: t.Validate<unknown, StructOf<F>>,
  ) {
    super(name, (raw): raw is StructOf<F> => !isLeft(validate(raw, [])), validate, t.identity);
  }
}

/** Finds the property that each written key stands for; unknown and repeated keys are flaws. */
function keyReader(name: string, fields: Fields) {
  const byFolded = new Map(Object.keys(fields).map((property) => [foldKey(property), property]));
  for (const [property, field] of Object.entries(fields)) byFolded.set(foldKey(spelling(property, field)), property);
  const spelled = Object.entries(fields).map(([property, field]) => spelling(property, field));
  const expected = spelled.length === 0 ? `no options: ${name} has none` : `one of the keys ${spelled.join(', ')}`;

  return (raw: Readonly<Record<string, unknown>>, context: t.Context, flaws: t.Errors): Map<string, string> => {
    const written = new Map<string, string>();
    for (const key of Object.keys(raw)) {
      const property = byFolded.get(foldKey(key));
      const before = property === undefined ? undefined : written.get(property);
      const at = t.appendContext(context, key, t.unknown, raw[key]);
      if (property === undefined) {
        const near = closest(key, spelled);
        const hint = near === undefined ? undefined : `did you mean ${near}?`;
        flaws.push(...fail(raw[key], at, 'unknown-key', expected, hint).left);
      } else if (before !== undefined) {
        const hint = `${before} is the same key: case, - and _ don't count`;
        flaws.push(...fail(raw[key], at, 'duplicate-key', `${before} only once`, hint).left);
      } else written.set(property, key);
    }
    return written;
  };
}

/** Reads the value of one key, or its default; null is the same as absent. */
function readField(field: Field<unknown>, raw: unknown, at: t.Context): t.Validation<unknown> {
  if (raw !== undefined && raw !== null) return field.codec.validate(raw, at);
  return field.fallback === undefined ? fail(raw, at, 'required', field.codec.name) : right(field.fallback.value);
}

/**
 * A map with known keys. Case, dashes and underscores in keys don't count; an unknown key is a flaw with a suggestion; a
 * missing or null key takes its default or is a flaw; all flaws are collected.
 *
 * @example
 * const constConfig = struct('const schedule', {
 *   ops: optional(atLeast(float, 0), 0, 'operations per second'),
 *   duration: required(atLeastMs(1), 'how long'),
 * });
 */
export function struct<const F extends Fields>(name: string, fields: F): Struct<F> {
  const readKeys = keyReader(name, fields);
  const validate: t.Validate<unknown, StructOf<F>> = (raw, context) => {
    if (!isMap(raw)) return fail(raw, context, 'not-a-map', `a map: ${name}`);
    const flaws: t.Errors = [];
    const written = readKeys(raw, context, flaws);
    const values: Record<string, unknown> = {};
    for (const [property, field] of Object.entries(fields)) {
      const key = written.get(property) ?? spelling(property, field);
      // A key such as toString must not be found on the prototype.
      const value = Object.hasOwn(raw, key) ? raw[key] : undefined;
      const result = readField(field, value, t.appendContext(context, key, field.codec, value));
      if (isLeft(result)) flaws.push(...result.left);
      else values[property] = result.right;
    }
    return flaws.length > 0 ? left(flaws) : right(values as StructOf<F>);
  };
  return new StructType(name, fields, validate);
}
