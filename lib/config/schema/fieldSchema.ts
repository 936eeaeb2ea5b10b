import type { Field } from '../../codec/field.js';
import type { JsonSchema } from '../../codec/jsonSchema.js';
import type { SchemaOf } from '../../codec/withSchema.js';
import { writtenDefault } from './writtenDefault.js';

/** The schema of the value of one key, with what it does, its default, and null where that means the default. */
export function fieldSchema({ codec, doc, fallback }: Field<unknown>, schemaOf: SchemaOf): JsonSchema {
  const schema = schemaOf(codec);
  const description = `${doc} (${codec.name})`;
  // Beside a $ref nothing else is read.
  const choices = Object.keys(schema).join() === 'anyOf' ? (schema.anyOf as readonly JsonSchema[]) : [schema];
  if (fallback === undefined) {
    return choices.length === 1 && schema.$ref === undefined
      ? { description, ...schema }
      : { description, anyOf: choices };
  }
  const written = writtenDefault(codec, fallback.value);
  return {
    description,
    anyOf: [...choices, { type: 'null' }],
    ...(written === undefined ? {} : { default: written }),
  };
}
