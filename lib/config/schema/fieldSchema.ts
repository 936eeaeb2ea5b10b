import type { Field } from '../../codec/field.js';
import type { JsonSchema } from '../../codec/jsonSchema.js';
import type { SchemaOf } from '../../codec/withSchema.js';
import { writtenDefault } from './writtenDefault.js';

const isChoice = (schema: JsonSchema): boolean => Object.keys(schema).join() === 'anyOf';

/** The same values, and null. */
function orNull(schema: JsonSchema): JsonSchema {
  const { type } = schema;
  if (type !== undefined) return { ...schema, type: [...(Array.isArray(type) ? (type as string[]) : [type]), 'null'] };
  const choices = isChoice(schema) ? (schema.anyOf as readonly JsonSchema[]) : [schema];
  return { anyOf: [...choices, { type: 'null' }] };
}

/** The schema of the value of one key, with what it does, its default, and null where that means the default. */
export function fieldSchema({ codec, doc, fallback }: Field<unknown>, schemaOf: SchemaOf): JsonSchema {
  const schema = schemaOf(codec);
  const description = `${doc} (${codec.name})`;
  // Beside a $ref nothing else is read.
  if (fallback === undefined) return { description, ...(schema.$ref === undefined ? schema : { allOf: [schema] }) };
  const written = writtenDefault(codec, fallback.value);
  return { description, ...orNull(schema), ...(written === undefined ? {} : { default: written }) };
}
