import type * as t from 'io-ts';

/** A JSON Schema, or a part of one. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** Returns the schema of a codec that is part of another. */
export type SchemaOf = (codec: t.Mixed) => JsonSchema;

/** A codec with a JSON Schema of the written values that it accepts; for editors, so it may be approximate. */
export interface WithSchema {
  readonly schema?: (schemaOf: SchemaOf) => JsonSchema;
}

/**
 * Adds a JSON Schema to a codec. Without one an editor accepts any value.
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

const REFERENCE = '\\$\\{';

/** A value, or a `${...}` reference to one. */
export function allowReference(schema: JsonSchema): JsonSchema {
  const { type, pattern } = schema;
  if (type === undefined) return { anyOf: [schema, { type: 'string', pattern: REFERENCE }] };
  const types = (Array.isArray(type) ? type : [type]) as readonly string[];
  const isText = types.includes('string');
  if (isText && pattern === undefined) return schema;
  return {
    ...schema,
    type: isText ? types : [...types, 'string'],
    pattern: isText ? `${String(pattern)}|${REFERENCE}` : REFERENCE,
  };
}

/** A regular expression for a word in any case. @example caseInsensitive('ab') // '[aA][bB]' */
export function caseInsensitive(word: string): string {
  return [...word]
    .map((letter) => {
      const [lower, upper] = [letter.toLowerCase(), letter.toUpperCase()];
      return lower === upper ? letter.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&') : `[${lower}${upper}]`;
    })
    .join('');
}
