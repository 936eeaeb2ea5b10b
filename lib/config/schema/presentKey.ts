import type { JsonSchema } from '../../codec/jsonSchema.js';
import { keyPattern } from './keyPattern.js';

/** Says that a map has a key, in that spelling or another. */
export function presentKey(key: string, spellings: string = keyPattern(key)): JsonSchema {
  const otherwise = { not: { propertyNames: { not: { pattern: `^${spellings}$` } } } };
  return { anyOf: [{ required: [key] }, otherwise] };
}
