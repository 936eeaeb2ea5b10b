import { isLeft, left, right } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { closest } from './closest.js';
import type { Codec } from './codec.js';
import { fail } from './fail.js';
import type { Field } from './field.js';
import type { Flaw } from './flaw.js';
import { foldKey } from './foldKey.js';

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

/** The documented spelling of a key: the property in kebab case unless the field says otherwise. */
export function spelling(property: string, field: Field<unknown>): string {
  return field.key ?? property.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function isMap(raw: unknown): raw is Record<string, unknown> {
  if (typeof raw !== 'object' || raw === null) return false;
  const prototype = Object.getPrototypeOf(raw) as unknown;
  return prototype === Object.prototype || prototype === null;
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
  const byFolded = new Map(Object.keys(fields).map((property) => [foldKey(property), property]));
  const spelled = Object.entries(fields).map(([property, field]) => spelling(property, field));
  const expectation = spelled.length === 0 ? `no options for ${name}` : `one of the keys ${spelled.join(', ')}`;

  const validate: t.Validate<unknown, StructOf<F>> = (raw, context) => {
    if (!isMap(raw)) return fail(raw, context, 'not-a-map', `a map: ${name}`);
    const flaws: t.Errors = [];
    const written = new Map<string, string>();
    for (const key of Object.keys(raw)) {
      const property = byFolded.get(foldKey(key));
      const at = t.appendContext(context, key, codec, raw[key]);
      if (property === undefined) {
        const near = closest(key, spelled);
        const hint = near === undefined ? undefined : `did you mean ${near}?`;
        flaws.push(...fail(raw[key], at, 'unknown-key', expectation, hint).left);
      } else if (written.has(property)) {
        flaws.push(...fail(raw[key], at, 'duplicate-key', `one spelling of ${written.get(property)}`).left);
      } else written.set(property, key);
    }
    const values: Record<string, unknown> = {};
    for (const [property, field] of Object.entries(fields)) {
      const key = written.get(property) ?? spelling(property, field);
      const value = raw[key];
      const at = t.appendContext(context, key, field.codec, value);
      if (value !== undefined && value !== null) {
        const result = field.codec.validate(value, at);
        if (isLeft(result)) flaws.push(...result.left);
        else values[property] = result.right;
      } else if (field.fallback !== undefined) values[property] = field.fallback.value;
      else flaws.push(...fail(value, at, 'required', field.codec.name).left);
    }
    return flaws.length > 0 ? left(flaws as Flaw[]) : right(values as StructOf<F>);
  };
  const codec: Struct<F> = new StructType(name, fields, validate);
  return codec;
}
