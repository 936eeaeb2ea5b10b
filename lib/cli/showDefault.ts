import { durationText } from '../codec/durationText.js';
import type { KeyDescription } from '../config/describeComponents.js';

/** A default value as it would be written in a config; empty when there is none or it can't be written. */
export function showDefault({ type, default: value }: KeyDescription): string {
  if (value === undefined) return '';
  if (typeof value === 'number' && type.startsWith('duration')) return durationText(value);
  if (value instanceof RegExp) return value.source;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if ('name' in value && 'create' in value) return String(value.name);
  return JSON.stringify(value);
}
