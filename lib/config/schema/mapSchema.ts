import type { Field } from '../../codec/field.js';
import type { JsonSchema } from '../../codec/jsonSchema.js';
import { spelling } from '../../codec/spelling.js';
import type { Fields } from '../../codec/struct.js';
import type { SchemaOf } from '../../codec/withSchema.js';
import { fieldSchema } from './fieldSchema.js';
import { keyPattern } from './keyPattern.js';
import { presentKey } from './presentKey.js';

/**
 * The schema of a map with known keys. Keys in another spelling are let pass, their values unchecked; unknown keys are not.
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
