import type * as t from 'io-ts';
import { caseInsensitive, type JsonSchema, type SchemaOf, type WithSchema } from '../../codec/schema.js';
import { type Fields, isMap } from '../../codec/struct.js';
import type { ComponentKind, OperatorPoint } from '../../core/component.js';
import { defined } from '../../core/defined.js';
import type { PartCodecs } from '../../plugin/part.js';
import { pluginCodecs } from '../../plugin/pluginCodecs.js';
import type { Registry } from '../../plugin/registry.js';
import { exampleOf } from '../describeComponents.js';
import { mainCodec } from '../mainCodec.js';
import { mapSchema, presentKey } from './mapSchema.js';

/** The inputs of the schemas of components. */
interface SchemaParts {
  readonly registry: Registry;
  readonly plugins: PartCodecs;
  readonly schemaOf: SchemaOf;
}

/** For each name, the schema of the other keys of a map with that `type`. */
function byType(kind: ComponentKind, names: readonly string[], parts: SchemaParts): readonly JsonSchema[] {
  const { registry, plugins, schemaOf } = parts;
  return names.map((name) => {
    const component = registry.find(kind, name) as NonNullable<ReturnType<Registry['find']>>;
    const { summary } = component;
    const type: JsonSchema = { const: name, description: summary };
    const { fields } = component.options(plugins) as { readonly fields?: Fields };
    const example = exampleOf(component, fields ?? {});
    return {
      if: { properties: { type: { const: name } }, required: ['type'] },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: {
        title: name,
        description: summary,
        ...defined({ examples: example === undefined ? undefined : [example] }),
        ...(fields === undefined ? {} : mapSchema(fields, schemaOf, { type })),
      },
    };
  });
}

/** Any component of a kind: a map whose key `type`, in any case, determines the other keys. */
function kindSchema(kind: ComponentKind, parts: SchemaParts): JsonSchema {
  const names = parts.registry.names(kind);
  return {
    type: 'object',
    // An empty enum is not a valid schema.
    properties: { type: names.length === 0 ? { not: {} } : { enum: names } },
    allOf: [presentKey('type', caseInsensitive('type')), ...byType(kind, names, parts)],
  };
}

/** Any operator of a point: a registered one, or one that a module exports, whose keys only the module knows. */
function operatorSchema(point: OperatorPoint, parts: SchemaParts): JsonSchema {
  const isHere = (name: string): boolean => parts.registry.find('operator', name)?.at === point;
  const names = parts.registry.names('operator').filter(isHere);
  return {
    type: 'object',
    properties: {
      use: { type: 'string', description: 'a module that exports one operator: ./my-operator.ts' },
      ...(names.length === 0 ? {} : { type: { enum: names } }),
    },
    allOf: [
      { anyOf: [presentKey('use'), presentKey('type', caseInsensitive('type'))] },
      ...byType('operator', names, parts),
    ],
  };
}

const KINDS: readonly Exclude<ComponentKind, 'operator'>[] = [
  'schedule',
  'provider',
  'gun',
  'aggregator',
  'source',
  'sink',
  'middleware',
  'observer',
];
const POINTS: readonly OperatorPoint[] = ['ticks', 'shots', 'samples'];

/** The schema of a codec: its own, or that of its keys; anything when it has neither. */
function inlineSchema(codec: t.Mixed, schemaOf: SchemaOf): JsonSchema {
  const { schema, fields } = codec as WithSchema & { readonly fields?: Fields };
  if (schema !== undefined) return schema(schemaOf);
  return fields === undefined ? {} : mapSchema(fields, schemaOf);
}

/** The keywords of each type. */
const ABOUT: Readonly<Record<string, readonly string[]>> = {
  number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  string: ['pattern', 'minLength', 'maxLength', 'format'],
  array: ['items', 'minItems', 'maxItems', 'uniqueItems'],
  object: ['properties', 'required', 'patternProperties', 'additionalProperties', 'propertyNames'],
};

/** A choice of types as one schema per type, which strict validators (ajv with `strict: true`) require. */
function oneTypeEach(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(oneTypeEach);
  if (!isMap(schema)) return schema;
  const deep = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      key === 'examples' || key === 'default' ? value : oneTypeEach(value),
    ]),
  );
  const { type, ...rest } = deep;
  if (!Array.isArray(type)) return deep;
  const owned = new Set(Object.values(ABOUT).flat());
  const common = Object.fromEntries(Object.entries(rest).filter(([key]) => !owned.has(key)));
  const choices = (type as readonly string[]).map((one) => {
    const about = ABOUT[one === 'integer' ? 'number' : one] ?? [];
    return { type: one, ...Object.fromEntries(Object.entries(rest).filter(([key]) => about.includes(key))) };
  });
  return common.anyOf === undefined
    ? { ...common, anyOf: choices }
    : { ...common, allOf: [...((common.allOf as readonly unknown[] | undefined) ?? []), { anyOf: choices }] };
}

/**
 * A JSON Schema (draft 7, which editors support best) of a whole config with every component of a registry, so that
 * editors complete and check YAML. It accepts every config that Elpis accepts, and refuses most of those that Elpis
 * refuses.
 *
 * - Keys have their documented spelling. A key in another spelling (`Rps_Per_Instance`) is accepted, and its value is
 *   not checked.
 * - Not expressed: rules about several keys (`uri` needs exactly one of `file` and `uris`), minimum durations, missing
 *   files, and a key that is written in two spellings.
 *
 * @example
 * const schema = configSchema(builtins());
 * console.log(JSON.stringify(schema, null, 2));
 */
export function configSchema(registry: Registry): JsonSchema {
  const plugins = pluginCodecs(registry);
  const schemaOf: SchemaOf = (codec) => {
    const kind = KINDS.find((candidate) => plugins[candidate] === codec);
    return kind === undefined ? inlineSchema(codec, schemaOf) : { $ref: `#/definitions/${kind}` };
  };
  const parts = { registry, plugins, schemaOf };
  const definitions: Record<string, JsonSchema> = {};
  for (const kind of KINDS) {
    definitions[kind] = inlineSchema(plugins[kind], schemaOf);
    definitions[`${kind}ByType`] = kindSchema(kind, parts);
  }
  for (const point of POINTS) definitions[`${point}Operator`] = operatorSchema(point, parts);
  const top = inlineSchema(mainCodec(plugins), schemaOf);
  return oneTypeEach({
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'A load test for Elpis',
    ...top,
    // Free for anchors.
    patternProperties: { ...(top.patternProperties as object), '^[xX]-': true },
    definitions,
  }) as JsonSchema;
}
