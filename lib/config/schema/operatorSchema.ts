import { anyCase } from '../../codec/anyCase.js';
import type { JsonSchema } from '../../codec/jsonSchema.js';
import type { OperatorPoint } from '../../core/operatorPoint.js';
import { byType, type SchemaParts } from './byType.js';
import { presentKey } from './presentKey.js';

/** Any operator of a point: a registered one, or one that a module exports, whose keys only the module knows. */
export function operatorSchema(point: OperatorPoint, parts: SchemaParts): JsonSchema {
  const isHere = (name: string): boolean =>
    (parts.registry.find('operator', name) as { readonly at?: OperatorPoint }).at === point;
  const names = parts.registry.names('operator').filter(isHere);
  return {
    type: 'object',
    properties: {
      use: { type: 'string', description: 'a module that exports one operator: ./my-operator.ts' },
      ...(names.length === 0 ? {} : { type: { enum: names } }),
    },
    allOf: [{ anyOf: [presentKey('use'), presentKey('type', anyCase('type'))] }, ...byType('operator', names, parts)],
  };
}
