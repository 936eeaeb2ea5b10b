import type { JsonSchema } from './jsonSchema.js';

const REFERENCE = '\\$\\{';

/**
 * A value, or a `${...}` reference that will stand for it.
 *
 * @param name What is expected, in words, for editors that can show it.
 */
export function orReference(schema: JsonSchema, name: string): JsonSchema {
  const { type, pattern } = schema;
  if (type === undefined) return { anyOf: [schema, { type: 'string', pattern: REFERENCE }] };
  const types = (Array.isArray(type) ? type : [type]) as readonly string[];
  const isText = types.includes('string');
  if (isText && pattern === undefined) return schema;
  return {
    ...schema,
    type: isText ? types : [...types, 'string'],
    pattern: isText ? `${String(pattern)}|${REFERENCE}` : REFERENCE,
    patternErrorMessage: `expected ${name}`,
  };
}
