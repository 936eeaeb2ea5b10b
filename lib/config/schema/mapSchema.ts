import type * as t from 'io-ts';
import { caseInsensitive, type JsonSchema, type SchemaOf } from '../../codec/schema.js';
import { type Field, type Fields, foldKey, isMap, spelling } from '../../codec/struct.js';
import { defined } from '../../core/defined.js';

const isScalar = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);

/** The written form of a decoded default; undefined when there is none, or when the keys inside have the defaults. */
function writtenDefault(codec: t.Mixed, value: unknown): unknown {
  if (value === undefined || value === null) return undefined;
  if (isMap(value)) return value.kind === 'sink' ? value.name : undefined;
  const written: unknown = codec.encode(value);
  return isScalar(written) || (Array.isArray(written) && written.every(isScalar)) ? written : undefined;
}

const isChoice = (schema: JsonSchema): boolean => Object.keys(schema).join() === 'anyOf';

/** The same values, and null. */
function orNull(schema: JsonSchema): JsonSchema {
  const { type, allOf } = schema;
  // The conditions of a map are about its keys, which null does not have.
  if (type !== undefined && allOf === undefined)
    return { ...schema, type: [...(Array.isArray(type) ? (type as string[]) : [type]), 'null'] };
  const choices = isChoice(schema) ? (schema.anyOf as readonly JsonSchema[]) : [schema];
  return { anyOf: [...choices, { type: 'null' }] };
}

/** The schema of the value of one key, with its description, its default, and null where null means the default. */
function fieldSchema({ codec, doc, fallback }: Field<unknown>, schemaOf: SchemaOf): JsonSchema {
  const schema = schemaOf(codec);
  const description = `${doc} (${codec.name})`;
  // Validators ignore other keywords beside $ref.
  if (fallback === undefined) return { description, ...(schema.$ref === undefined ? schema : { allOf: [schema] }) };
  const written = writtenDefault(codec, fallback.value);
  return { description, ...orNull(schema), ...defined({ default: written }) };
}

/** A regular expression for a key in all its spellings: case, dashes and underscores are ignored. */
export function keyPattern(key: string): string {
  return `${[...foldKey(key)].map((letter) => `[-_]*${caseInsensitive(letter)}`).join('')}[-_]*`;
}

/** The schema of a map that has a key, in any spelling. */
export function presentKey(key: string, spellings: string = keyPattern(key)): JsonSchema {
  const otherwise = { not: { propertyNames: { not: { pattern: `^${spellings}$` } } } };
  // Strict validators require each required key among the properties.
  return { anyOf: [{ required: [key], properties: { [key]: true } }, otherwise] };
}

/**
 * The schema of a map with known keys. Keys in another spelling are accepted, and their values are not checked; unknown
 * keys are refused.
 *
 * @param selector Further keys.
 */
export function mapSchema(
  fields: Fields,
  schemaOf: SchemaOf,
  selector: Readonly<Record<string, JsonSchema>> = {},
): JsonSchema {
  const known = Object.entries(fields).map(([property, field]) => {
    const key = spelling(property, field as Field<unknown>);
    return { key, property, field: field as Field<unknown> };
  });
  const spellings = new Set(known.flatMap(({ key, property }) => [keyPattern(key), keyPattern(property)]));
  const needed = known.filter(({ field }) => field.fallback === undefined).map(({ key }) => presentKey(key));
  return {
    type: 'object',
    properties: {
      ...selector,
      ...Object.fromEntries(known.map(({ key, field }) => [key, fieldSchema(field, schemaOf)])),
    },
    ...(spellings.size === 0 ? {} : { patternProperties: { [`^(${[...spellings].join('|')})$`]: true } }),
    additionalProperties: false,
    ...(needed.length === 0 ? {} : { allOf: needed }),
  };
}
