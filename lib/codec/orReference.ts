import type { JsonSchema } from './jsonSchema.js';

/** A value, or a `${...}` reference that will stand for it. */
export function orReference(schema: JsonSchema): JsonSchema {
  if (schema.type === 'string' && Object.keys(schema).every((key) => key === 'type')) return schema;
  const choices = Array.isArray(schema.anyOf) ? (schema.anyOf as JsonSchema[]) : [schema];
  return { anyOf: [...choices, { $ref: '#/definitions/reference' }] };
}
