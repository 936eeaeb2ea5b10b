import { EVENTS } from './eventJson.js';
import { headerCodec } from './recordHeader.js';
import type { JsonSchema } from './shape.js';

/** The JSON Schema of a line of a record. */
export function recordSchema(): JsonSchema {
  const named = new Map<string, JsonSchema>();
  const header = headerCodec.schema(named);
  const events = Object.values(EVENTS).map((codec) => codec.schema(named));
  const rollUp = {
    properties: {
      type: { const: 'rollup' },
      everyMs: { type: 'number' },
      pool: { type: 'string' },
      at: { type: 'number' },
      window: { $ref: '#/$defs/window-of-samples' },
      threads: { type: 'array' },
    },
    required: ['type', 'everyMs', 'pool', 'at', 'window'],
  };
  const range = { type: 'array', items: { type: 'integer' }, minItems: 2, maxItems: 2 };
  const index = {
    properties: {
      type: { const: 'index' },
      levels: { type: 'array', items: { anyOf: [{ type: 'array', items: range }, { type: 'null' }] } },
    },
    required: ['type', 'levels'],
  };
  const indexAt = { properties: { type: { const: 'index-at' }, at: { type: 'integer' } }, required: ['type', 'at'] };
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'A line of a record of a run',
    type: 'object',
    anyOf: [header, ...events, rollUp, index, indexAt],
    $defs: Object.fromEntries([...named].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}
