import type { Field } from '../../codec/field.js';
import type { JsonSchema } from '../../codec/jsonSchema.js';
import { spelling } from '../../codec/spelling.js';
import type { Fields } from '../../codec/struct.js';
import type { SchemaOf } from '../../codec/withSchema.js';
import { fieldSchema } from './fieldSchema.js';
import { keyPattern } from './keyPattern.js';

/** Says that one of the keys has that name, or that it is spelled otherwise. */
function present(key: string): JsonSchema {
  const spelledOtherwise = { not: { propertyNames: { not: { pattern: `^${keyPattern(key)}$` } } } };
  return { anyOf: [{ required: [key] }, spelledOtherwise] };
}

/**
 * The schema of a map with known keys. Keys in another spelling are let pass, their values unchecked; unknown keys are not.
 *
 * @param selector A further key with a fixed value, and keys that select.
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
  const needed = known.filter(({ field }) => field.fallback === undefined).map(({ key }) => present(key));
  const selecting = Object.keys(selector);
  return {
    type: 'object',
    properties: {
      ...selector,
      ...Object.fromEntries(known.map(({ key, field }) => [key, fieldSchema(field, schemaOf)])),
    },
    ...(spellings.size === 0 ? {} : { patternProperties: { [`^(${[...spellings].join('|')})$`]: true } }),
    additionalProperties: false,
    ...(selecting.length === 0 ? {} : { required: selecting }),
    ...(needed.length === 0 ? {} : { allOf: needed }),
  };
}
