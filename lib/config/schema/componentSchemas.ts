import type { JsonSchema } from '../../codec/jsonSchema.js';
import type { Fields } from '../../codec/struct.js';
import type { SchemaOf } from '../../codec/withSchema.js';
import type { ComponentKind } from '../../core/component.js';
import type { OperatorPoint } from '../../core/operatorPoint.js';
import type { PluginCodecs } from '../../plugin/descriptor.js';
import type { Registry } from '../../plugin/registry.js';
import { mapSchema } from './mapSchema.js';

/** `Type` and `TYPE` mean the same as `type`; such a map is let pass. */
const OTHER_TYPE_KEY: JsonSchema = {
  type: 'object',
  not: { anyOf: [{ required: ['type'] }, { propertyNames: { not: { pattern: '^[tT][yY][pP][eE]$' } } }] },
};

/** An operator of a module: its keys are known when the module is loaded. */
const USED: JsonSchema = {
  type: 'object',
  properties: { use: { type: 'string', description: 'a module that exports one operator: ./my-operator.ts' } },
  required: ['use'],
};

/** One schema per component of a kind, each with its name as `type`. */
export function componentSchemas(
  kind: ComponentKind,
  registry: Registry,
  plugins: PluginCodecs,
  schemaOf: SchemaOf,
): readonly JsonSchema[] {
  return registry.names(kind).map((name) => {
    const { summary, codec } = registry.find(kind, name) as NonNullable<ReturnType<Registry['find']>>;
    const type: JsonSchema = { const: name, description: summary };
    const { fields } = codec(plugins) as { readonly fields?: Fields };
    if (fields !== undefined) return { title: name, description: summary, ...mapSchema(fields, schemaOf, { type }) };
    return { title: name, description: summary, type: 'object', properties: { type }, required: ['type'] };
  });
}

/** Any component of a kind. */
export function kindSchema(...of: Parameters<typeof componentSchemas>): JsonSchema {
  return { anyOf: [...componentSchemas(...of), OTHER_TYPE_KEY] };
}

/** Any operator of a point: a registered one, or one that a module exports. */
export function operatorSchema(
  point: OperatorPoint,
  registry: Registry,
  plugins: PluginCodecs,
  schemaOf: SchemaOf,
): JsonSchema {
  const names = registry.names('operator');
  const schemas = componentSchemas('operator', registry, plugins, schemaOf).filter((_, i) => {
    const { at } = registry.find('operator', names[i] as string) as { readonly at?: OperatorPoint };
    return at === point;
  });
  return { anyOf: [...schemas, USED, OTHER_TYPE_KEY] };
}
