import { isLeft, left, right } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';

/** A JSON Schema. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Makes a schema. A schema with a name is kept in `named`, and a reference stands for it. */
export type SchemaMaker = (named: Map<string, JsonSchema>) => JsonSchema;

/** A codec between a value and JSON, with the schema of that. */
export class JsonCodec<A> extends t.Type<A, unknown, unknown> {
  constructor(
    name: string,
    validate: t.Validate<unknown, A>,
    encode: t.Encode<A, unknown>,
    readonly schema: SchemaMaker,
  ) {
    super(name, (raw): raw is A => !isLeft(validate(raw, [])), validate, encode);
  }
}

// biome-ignore lint/suspicious/noExplicitAny: the type of each value is inferred where the shape is written
type Codecs = Readonly<Record<string, JsonCodec<any>>>;

/** The value of a {@link shape}. */
type ShapeOf<R extends Codecs, O extends Codecs> = { readonly [K in keyof R]: t.TypeOf<R[K]> } & {
  readonly [K in keyof O]?: t.TypeOf<O[K]>;
};

/** A JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** True for a JSON object. */
export function isObject(raw: unknown): raw is JsonObject {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw);
}

/** The names of the schemas under `$defs` are those of {@link shape}. */
export const definitionName = (name: string): string => name.replace(/^(an?|the) /, '').replaceAll(' ', '-');

/**
 * An object with known keys. Other keys are left out, so that the records of newer versions can be read; the keys are
 * written in the given order.
 *
 * @param optional The keys that may be absent.
 * @example
 * const count = shape('a count', { name: text, count: real }, { first: list(text) });
 */
export function shape<const R extends Codecs, const O extends Codecs = Record<never, never>>(
  name: string,
  required: R,
  optional?: O,
): JsonCodec<ShapeOf<R, O>> {
  const fields = [
    ...Object.entries(required).map(([key, codec]) => ({ key, codec, needed: true })),
    ...Object.entries(optional ?? {}).map(([key, codec]) => ({ key, codec, needed: false })),
  ];
  const validate: t.Validate<unknown, ShapeOf<R, O>> = (raw, context) => {
    if (!isObject(raw)) return t.failure(raw, context);
    const values: Record<string, unknown> = {};
    for (const { key, codec, needed } of fields) {
      const value = raw[key];
      if (value === undefined && !needed) continue;
      const read = codec.validate(value, t.appendContext(context, key, codec, value));
      if (isLeft(read)) return read;
      values[key] = read.right;
    }
    return right(values as ShapeOf<R, O>);
  };
  const encode = (value: ShapeOf<R, O>): JsonObject => {
    const written: Record<string, unknown> = {};
    for (const { key, codec } of fields) if (value[key] !== undefined) written[key] = codec.encode(value[key]);
    return written;
  };
  const schema: SchemaMaker = (named) => {
    const key = definitionName(name);
    if (!named.has(key)) {
      named.set(key, {});
      const properties = Object.fromEntries(fields.map(({ key: property, codec }) => [property, codec.schema(named)]));
      named.set(key, { type: 'object', properties, required: Object.keys(required) });
    }
    return { $ref: `#/$defs/${key}` };
  };
  return new JsonCodec(name, validate, encode, schema);
}

/** Text. */
export const text: JsonCodec<string> = new JsonCodec<string>(
  'a text',
  (raw, context) => (typeof raw === 'string' ? right(raw) : t.failure(raw, context)),
  t.identity,
  () => ({ type: 'string' }),
);

/** True or false. */
export const flag: JsonCodec<boolean> = new JsonCodec<boolean>(
  'true or false',
  (raw, context) => (typeof raw === 'boolean' ? right(raw) : t.failure(raw, context)),
  t.identity,
  () => ({ type: 'boolean' }),
);

const NOT_FINITE = new Map([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN].map((n) => [String(n), n]));

/** Any number. JSON has no number for infinity and `NaN`, so they are written as text. */
export const real: JsonCodec<number> = new JsonCodec(
  'a number',
  (raw, context) => {
    if (typeof raw === 'number') return right(raw);
    const special = typeof raw === 'string' ? NOT_FINITE.get(raw) : undefined;
    return special === undefined ? t.failure(raw, context) : right(special);
  },
  (value) => (Number.isFinite(value) ? value : String(value)),
  () => ({ anyOf: [{ type: 'number' }, { enum: [...NOT_FINITE.keys()] }] }),
);

/** One of several texts. */
export function oneOf<const T extends string>(...values: readonly T[]): JsonCodec<T> {
  return new JsonCodec<T>(
    values.map((value) => JSON.stringify(value)).join(' or '),
    (raw, context) => {
      const found = values.find((value) => value === raw);
      return found === undefined ? t.failure(raw, context) : right(found);
    },
    (value) => value,
    () => ({ enum: values }),
  );
}

/** A value or `null`. */
export function orNull<A>(codec: JsonCodec<A>): JsonCodec<A | null> {
  return new JsonCodec<A | null>(
    `${codec.name} or null`,
    (raw, context) => (raw === null ? right(null) : codec.validate(raw, context)),
    (value) => (value === null ? null : codec.encode(value)),
    (named) => ({ anyOf: [codec.schema(named), { type: 'null' }] }),
  );
}

/** A list. */
export function list<A>(codec: JsonCodec<A>): JsonCodec<readonly A[]> {
  return new JsonCodec<readonly A[]>(
    `a list, each ${codec.name}`,
    (raw, context) => {
      if (!Array.isArray(raw)) return t.failure(raw, context);
      const values: A[] = [];
      for (const [index, item] of raw.entries()) {
        const read = codec.validate(item, t.appendContext(context, String(index), codec, item));
        if (isLeft(read)) return read;
        values.push(read.right);
      }
      return right(values);
    },
    (values) => values.map((value) => codec.encode(value)),
    (named) => ({ type: 'array', items: codec.schema(named) }),
  );
}

/** A map by name. */
export function byName<A>(codec: JsonCodec<A>): JsonCodec<Readonly<Record<string, A>>> {
  return new JsonCodec<Readonly<Record<string, A>>>(
    `a map, each ${codec.name}`,
    (raw, context) => {
      if (!isObject(raw)) return t.failure(raw, context);
      const values: [string, A][] = [];
      for (const [name, item] of Object.entries(raw)) {
        const read = codec.validate(item, t.appendContext(context, name, codec, item));
        if (isLeft(read)) return read;
        values.push([name, read.right]);
      }
      return right(Object.fromEntries(values));
    },
    (values) => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, codec.encode(value)])),
    (named) => ({ type: 'object', additionalProperties: codec.schema(named) }),
  );
}

/**
 * A value that JSON cannot have, by its form in JSON.
 *
 * @param read May throw: the value is then refused with the message.
 */
export function through<A, J>(codec: JsonCodec<J>, read: (json: J) => A, write: (value: A) => J): JsonCodec<A> {
  return new JsonCodec<A>(
    codec.name,
    (raw, context) => {
      const json = codec.validate(raw, context);
      if (isLeft(json)) return json;
      try {
        return right(read(json.right));
      } catch (error) {
        return left([{ value: raw, context, message: error instanceof Error ? error.message : String(error) }]);
      }
    },
    (value) => codec.encode(write(value)),
    codec.schema,
  );
}
