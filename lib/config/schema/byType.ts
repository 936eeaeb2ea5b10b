import type { JsonSchema } from '../../codec/jsonSchema.js';
import type { Fields } from '../../codec/struct.js';
import type { SchemaOf } from '../../codec/withSchema.js';
import type { ComponentKind } from '../../core/component.js';
import type { PluginCodecs } from '../../plugin/descriptor.js';
import type { Registry } from '../../plugin/registry.js';
import { mapSchema } from './mapSchema.js';

/** What the schemas of components are made of. */
export interface SchemaParts {
  readonly registry: Registry;
  readonly plugins: PluginCodecs;
  readonly schemaOf: SchemaOf;
}

/** For each name, what else a map has whose `type` is that name. */
export function byType(kind: ComponentKind, names: readonly string[], parts: SchemaParts): readonly JsonSchema[] {
  const { registry, plugins, schemaOf } = parts;
  return names.map((name) => {
    const { summary, codec } = registry.find(kind, name) as NonNullable<ReturnType<Registry['find']>>;
    const type: JsonSchema = { const: name, description: summary };
    const { fields } = codec(plugins) as { readonly fields?: Fields };
    return {
      if: { properties: { type: { const: name } }, required: ['type'] },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: {
        title: name,
        description: summary,
        ...(fields === undefined ? {} : mapSchema(fields, schemaOf, { type })),
      },
    };
  });
}
