import type * as t from 'io-ts';
import type { JsonSchema } from '../../codec/jsonSchema.js';
import type { Fields } from '../../codec/struct.js';
import type { SchemaOf, WithSchema } from '../../codec/withSchema.js';
import type { ComponentKind } from '../../core/component.js';
import type { OperatorPoint } from '../../core/operatorPoint.js';
import type { Registry } from '../../plugin/registry.js';
import { pluginCodecs } from '../../plugin-config/pluginCodecs.js';
import { mainCodec } from '../mainCodec.js';
import { kindSchema } from './kindSchema.js';
import { mapSchema } from './mapSchema.js';
import { operatorSchema } from './operatorSchema.js';

const KINDS: readonly Exclude<ComponentKind, 'operator'>[] = [
  'schedule',
  'provider',
  'gun',
  'aggregator',
  'source',
  'sink',
  'middleware',
];
const POINTS: readonly OperatorPoint[] = ['ticks', 'shots', 'samples'];

/** What a codec accepts: as it says itself, or by its keys; anything if it says nothing. */
function say(codec: t.Mixed, schemaOf: SchemaOf): JsonSchema {
  const { schema, fields } = codec as WithSchema & { readonly fields?: Fields };
  if (schema !== undefined) return schema(schemaOf);
  return fields === undefined ? {} : mapSchema(fields, schemaOf);
}

/**
 * A JSON Schema (draft 7, which editors know best) of a whole config with every component of a registry, so that editors
 * complete and check YAML. It accepts whatever Elpis accepts, and refuses most of what Elpis refuses.
 *
 * - Keys have their documented spelling. In another one (`Rps_Per_Instance`) a key is let pass, its value unchecked.
 * - Not expressed: rules between keys (`uri` needs exactly one of `file` and `uris`), least durations, whether files exist,
 *   a key that is written twice in two spellings.
 *
 * @example
 * const schema = configSchema(builtins());
 * console.log(JSON.stringify(schema, null, 2));
 */
export function configSchema(registry: Registry): JsonSchema {
  const plugins = pluginCodecs(registry);
  const schemaOf: SchemaOf = (codec) => {
    const kind = KINDS.find((candidate) => plugins[candidate] === codec);
    return kind === undefined ? say(codec, schemaOf) : { $ref: `#/definitions/${kind}` };
  };
  const parts = { registry, plugins, schemaOf };
  const definitions: Record<string, JsonSchema> = {};
  for (const kind of KINDS) {
    definitions[kind] = say(plugins[kind], schemaOf);
    definitions[`${kind}ByType`] = kindSchema(kind, parts);
  }
  for (const point of POINTS) definitions[`${point}Operator`] = operatorSchema(point, parts);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'A load test for Elpis',
    ...say(mainCodec(plugins), schemaOf),
    definitions,
  };
}
