import { anyCase } from '../../codec/anyCase.js';
import type { JsonSchema } from '../../codec/jsonSchema.js';
import type { ComponentKind } from '../../core/component.js';
import { byType, type SchemaParts } from './byType.js';
import { presentKey } from './presentKey.js';

/** Any component of a kind: a map whose key `type`, in any case, decides about the others. */
export function kindSchema(kind: ComponentKind, parts: SchemaParts): JsonSchema {
  const names = parts.registry.names(kind);
  return {
    type: 'object',
    // An empty enum is no schema.
    properties: { type: names.length === 0 ? { not: {} } : { enum: names } },
    allOf: [presentKey('type', anyCase('type')), ...byType(kind, names, parts)],
  };
}
