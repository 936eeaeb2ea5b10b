import { durationText } from '../codec/duration.js';
import type { ComponentDescription, KeyDescription } from '../config/describeComponents.js';

/** A default value in the form of a config; empty when there is none or it has no such form. */
function showDefault({ type, default: value }: KeyDescription): string {
  if (value === undefined) return '';
  if (typeof value === 'number' && type.startsWith('duration')) return durationText(value);
  if (value instanceof RegExp) return value.source;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if ('name' in value && 'create' in value) return String(value.name);
  return JSON.stringify(value);
}

/** A key: its type and unit, its default or that it is required, and its meaning. */
export function keyText(description: KeyDescription): string {
  const { key, type, required, doc } = description;
  const fallback = showDefault(description);
  const value = required ? 'required' : fallback === '' ? '' : `default ${fallback}`;
  return `    ${key.padEnd(28)} ${[type, value].filter((part) => part !== '').join('; ')}\n${' '.repeat(33)}${doc}\n`;
}

/** A component in the first line, its summary, and its keys. */
export function componentText({ kind, name, at, summary, keys }: ComponentDescription): string {
  return `${kind} ${name}${at === undefined ? '' : ` (of ${at})`}\n  ${summary}\n${keys.map(keyText).join('')}`;
}
