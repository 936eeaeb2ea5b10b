import { isLeft, left, right } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { closest } from './closest.js';
import { type Codec, codecIssue, fail, type IssueReason } from './issue.js';

/** The value of a key that is absent. */
export interface Fallback<A> {
  readonly value: A;
  /** The value at a place of decoding, where it depends on that place, such as a path in a folder. Default: `value`. */
  readonly at?: (context: t.Context) => A;
}

/** One key of a {@link struct}: its codec, its default, and a sentence about it. */
export interface Field<A, W = unknown> {
  readonly codec: Codec<A, W>;
  /** What it does, for `elpis plugins` and the editor's schema. */
  readonly doc: string;
  /** Value when the key is absent or null. Without it the key is required. */
  readonly fallback?: Fallback<A>;
  /** The documented spelling of the key, when it is not the property in kebab case. */
  readonly key?: string;
}

/** A key that may be absent. */
export interface OptionalField<A, W = unknown> extends Field<A, W> {
  readonly fallback: Fallback<A>;
}

/**
 * The form in which keys are compared: case, dashes and underscores are ignored. @example foldKey('URI-Elements') //
 * 'urielements'
 */
export function foldKey(key: string): string {
  return key.replaceAll(/[-_]/g, '').toLowerCase();
}

/** True for a plain object, the form of a map in a config. */
export function isMap(raw: unknown): raw is Readonly<Record<string, unknown>> {
  if (typeof raw !== 'object' || raw === null) return false;
  const prototype = Object.getPrototypeOf(raw) as unknown;
  return prototype === Object.prototype || prototype === null;
}

/** The documented spelling of a key: the property in kebab case unless the field says otherwise. */
export function spelling(property: string, field: Field<unknown>): string {
  return field.key ?? property.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** The keys of a struct. */
// biome-ignore lint/suspicious/noExplicitAny: the value type of each field is inferred where the struct is written
export type Fields = Readonly<Record<string, Field<any, any>>>;

/** The decoded form of a struct. */
export type StructOf<F extends Fields> = { readonly [K in keyof F]: F[K] extends Field<infer A> ? A : never };

/**
 * The written form of a struct in code: the keys without a default are required. Both halves are mapped over a `Pick`;
 * otherwise editors do not show the comment of each key.
 */
export type WrittenOf<F extends Fields> = {
  readonly [K in keyof Pick<
    F,
    { [P in keyof F]: F[P] extends { readonly fallback: object } ? never : P }[keyof F]
  >]: F[K]['codec']['_O'];
} & {
  readonly [K in keyof Pick<
    F,
    { [P in keyof F]: F[P] extends { readonly fallback: object } ? P : never }[keyof F]
  >]?: F[K]['codec']['_O'];
};

/** A codec that also has its keys, for listings and schemas. */
export type Struct<F extends Fields> = Codec<StructOf<F>, WrittenOf<F>> & { readonly fields: F };

/** The keys whose values are not their defaults, in written form. */
function encoded<F extends Fields>(fields: F, value: StructOf<F>): WrittenOf<F> {
  const written = Object.entries(fields).flatMap(([property, { codec, fallback }]) => {
    const decoded: unknown = value[property];
    return fallback !== undefined && fallback.value === decoded ? [] : [[property, codec.encode(decoded) as unknown]];
  });
  return Object.fromEntries(written) as WrittenOf<F>;
}

class StructType<F extends Fields> extends t.Type<StructOf<F>, WrittenOf<F>, unknown> {
  constructor(
    name: string,
    readonly fields: F,
    validate: t.Validate<unknown, StructOf<F>>,
  ) {
    super(
      name,
      (raw): raw is StructOf<F> => !isLeft(validate(raw, [])),
      validate,
      (value) => encoded(fields, value),
    );
  }
}

/**
 * The largest number of unknown keys that are listed for one map, because each takes a search for the nearest key.
 * Further ones are counted.
 */
export const MAX_UNKNOWN_KEYS = 20;

/** Finds the property that each written key stands for; unknown and repeated keys are issues. */
function keyReader(name: string, fields: Fields) {
  const byFolded = new Map(Object.keys(fields).map((property) => [foldKey(property), property]));
  for (const [property, field] of Object.entries(fields)) byFolded.set(foldKey(spelling(property, field)), property);
  const spelled = Object.entries(fields).map(([property, field]) => spelling(property, field));
  const [only, ...more] = spelled;
  const keys = more.length === 0 ? `the key ${only}` : `one of the keys ${spelled.join(', ')}`;
  const expected = only === undefined ? `no keys: ${name} has no options` : keys;

  const unknownKeys = (keys: readonly string[], raw: Readonly<Record<string, unknown>>, context: t.Context) => {
    const listed = keys.slice(0, MAX_UNKNOWN_KEYS).map((key) => {
      const near = closest(key, spelled);
      const hint = near === undefined ? undefined : `did you mean ${near}?`;
      return codecIssue(raw[key], t.appendContext(context, key, t.unknown, raw[key]), 'unknown-key', expected, hint);
    });
    if (listed.length === keys.length) return listed;
    const message = `${keys.length - listed.length} more unknown keys in this map`;
    return [...listed, { ...codecIssue(raw, context, 'unknown-key', expected), message }];
  };

  return (raw: Readonly<Record<string, unknown>>, context: t.Context, issues: t.Errors): Map<string, string> => {
    const written = new Map<string, string>();
    const unknown: string[] = [];
    for (const key of Object.keys(raw)) {
      const property = byFolded.get(foldKey(key));
      const before = property === undefined ? undefined : written.get(property);
      if (property === undefined) unknown.push(key);
      else if (before !== undefined) {
        const at = t.appendContext(context, key, t.unknown, raw[key]);
        const hint = `${before} is the same key: upper and lower case, - and _ make no difference`;
        issues.push(codecIssue(raw[key], at, 'duplicate-key', `${before} only once`, hint));
      } else written.set(property, key);
    }
    issues.push(...unknownKeys(unknown, raw, context));
    return written;
  };
}

/** Reads the value of one key, or its default; null is the same as absent. */
function readField(field: Field<unknown>, raw: unknown, at: t.Context): t.Validation<unknown> {
  if (raw !== undefined && raw !== null) return field.codec.validate(raw, at);
  const { codec, fallback } = field;
  if (fallback === undefined) return fail(raw, at, 'required', codec.name);
  return right(fallback.at === undefined ? fallback.value : fallback.at(at));
}

/**
 * A map with known keys. Case, dashes and underscores in keys do not count; an unknown key is an issue with a suggestion; a
 * missing or null key takes its default or is an issue; all issues are collected.
 *
 * @example
 * const constConfig = struct('const schedule', {
 *   ops: optional(atLeast(float, 0), 0, 'operations per second'),
 *   duration: required(atLeastMs(1), 'how long'),
 * });
 */
export function struct<const F extends Fields>(name: string, fields: F): Struct<F> {
  const readKeys = keyReader(name, fields);
  const spelled = Object.entries(fields).map(([property, field]) => spelling(property, field));
  const validate: t.Validate<unknown, StructOf<F>> = (raw, context) => {
    if (!isMap(raw))
      return fail(
        raw,
        context,
        'not-a-map',
        spelled.length === 0 ? 'a map' : `a map with keys such as ${spelled.slice(0, 3).join(', ')}`,
      );
    const issues: t.Errors = [];
    const written = readKeys(raw, context, issues);
    const values: Record<string, unknown> = {};
    for (const [property, field] of Object.entries(fields)) {
      const key = written.get(property) ?? spelling(property, field);
      // A key such as toString must not be found on the prototype.
      const value = Object.hasOwn(raw, key) ? raw[key] : undefined;
      const result = readField(field, value, t.appendContext(context, key, field.codec, value));
      if (isLeft(result)) issues.push(...result.left);
      else values[property] = result.right;
    }
    return issues.length > 0 ? left(issues) : right(values as StructOf<F>);
  };
  return new StructType(name, fields, validate);
}

/** A key that must be present. */
export function required<A, W = unknown>(codec: Codec<A, W>, doc: string, key?: string): Field<A, W> {
  return key === undefined ? { codec, doc } : { codec, doc, key };
}

/** A key with a default; null also selects the default. The codec does not check the default. */
export function optional<A, W, const D>(
  codec: Codec<A, W>,
  fallback: D,
  doc: string,
  key?: string,
): OptionalField<A | D, W> {
  const field = { codec: codec as Codec<A | D, W>, doc, fallback: { value: fallback } };
  return key === undefined ? field : { ...field, key };
}

/**
 * The decoded form of an empty map: every key at its default. Only for structs whose keys all have one.
 *
 * @example
 * const dial = struct('dial', { timeout: optional(duration, 3e9, 'longest time to connect') });
 * const config = struct('gun', { dial: optional(dial, defaultsOf(dial), 'how to connect') });
 */
export function defaultsOf<F extends Fields>(codec: Struct<F>): StructOf<F> {
  return Object.fromEntries(
    Object.entries(codec.fields).map(([property, field]) => {
      if (field.fallback === undefined) throw new TypeError(`${codec.name}: ${property} has no default`);
      return [property, field.fallback.value];
    }),
  ) as StructOf<F>;
}

/**
 * Follows a way into a raw value: names of properties, keys of maps and indices of lists. It ends where the way leads to what is not
 * written.
 *
 * @returns The way with the keys as written, and the value there.
 */
export function descend(raw: unknown, way: readonly (string | number)[]): [way: (string | number)[], value: unknown] {
  const written: (string | number)[] = [];
  let value = raw;
  for (const part of way) {
    if (!isMap(value) && !Array.isArray(value)) break;
    // Only keys of structs are compared without case and dashes, and no struct has two that differ only in that.
    const key = Object.hasOwn(value, part)
      ? part
      : Object.keys(value).find((own) => foldKey(own) === foldKey(String(part)));
    if (key === undefined) break;
    written.push(key);
    value = (value as Readonly<Record<string | number, unknown>>)[key];
  }
  return [written, value];
}

/**
 * A struct with a condition on its keys together. An issue is at the struct itself, or at the part that `at` leads to; the
 * condition is only checked when every key is valid.
 *
 * @param issueOf Returns what is wrong: one issue, or several; nothing or an empty list when the value is accepted.
 * @example
 * const keys = { file: optional(text, '', 'a file'), uris: optional(listOf(text), [], 'URIs') };
 * const uriConfig = refineStruct(struct('uri ammo', keys), ({ file, uris }) =>
 *   (file === '') === (uris.length === 0)
 *     ? { code: 'bad-value', expected: 'exactly one of file and uris' }
 *     : undefined);
 */
export function refineStruct<F extends Fields>(
  inner: Struct<F>,
  issueOf: (value: StructOf<F>) => IssueReason | readonly IssueReason[] | undefined,
): Struct<F> {
  const outer = struct(inner.name, inner.fields);
  const validate: t.Validate<unknown, StructOf<F>> = (raw, context) => {
    const decoded = inner.validate(raw, context);
    if (isLeft(decoded)) return decoded;
    const issues = [issueOf(decoded.right) ?? []].flat().map(({ code, expected, hint, at: way = [] }) => {
      const [written, value] = descend(raw, way);
      const at = written.reduce<t.Context>((above, key, depth) => {
        const [, actual] = descend(raw, written.slice(0, depth + 1));
        return t.appendContext(above, String(key), t.unknown, actual);
      }, context);
      return codecIssue(value, at, code, expected, hint);
    });
    return issues.length === 0 ? decoded : left(issues);
  };
  return Object.assign(outer, {
    validate,
    is: (raw: unknown): raw is StructOf<F> => !isLeft(validate(raw, [])),
  });
}
