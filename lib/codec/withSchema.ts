import type * as t from 'io-ts';
import type { JsonSchema } from './jsonSchema.js';

/** Says the schema of a codec that is part of another. */
export type SchemaOf = (codec: t.Mixed) => JsonSchema;

/** A codec that can say which written values it accepts, as JSON Schema; for editors, so nearly is enough. */
export interface WithSchema {
  readonly schema?: (schemaOf: SchemaOf) => JsonSchema;
}

/**
 * Lets a codec say its JSON Schema. Without one an editor takes any value.
 *
 * @example
 * const colour = withSchema(
 *   checked(text, (value) => value.startsWith('#'), 'a colour such as #00ff00', 'bad-value'),
 *   () => ({ type: 'string', pattern: '^#' }),
 * );
 */
export function withSchema<C extends t.Mixed>(codec: C, schema: (schemaOf: SchemaOf) => JsonSchema): C {
  return Object.assign(codec, { schema });
}
