import { isElpisError } from '../core/errors.js';
import { isObject, type JsonObject } from './shape.js';

/** Below this depth a value is written as text. */
const MAX_DEPTH = 8;
/** The largest number of items and keys that are written of one value. */
const MAX_ITEMS = 1000;

function plainObject(value: object, depth: number): unknown {
  if (depth >= MAX_DEPTH) return String(value);
  const below = (child: unknown): unknown => plain(child, depth + 1);
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((item: unknown) => below(item) ?? null);
  if (value instanceof Error) return { ...(isElpisError(value) ? { code: value.code } : {}), message: value.message };
  if (value instanceof Date) return value.toJSON();
  if (ArrayBuffer.isView(value)) return `${value.byteLength} bytes`;
  const entries = value instanceof Map ? [...value].map(([key, item]) => [String(key), item]) : Object.entries(value);
  return Object.fromEntries(entries.slice(0, MAX_ITEMS).map(([key, item]) => [key, below(item)]));
}

/**
 * A value of a user as JSON: numbers that are not finite, big integers and values below a depth of 8 become text; functions are left out. At most
 * 1000 items of a list or a map are written.
 */
export function plain(value: unknown, depth = 0): unknown {
  switch (typeof value) {
    case 'object':
      return value === null ? null : plainObject(value, depth);
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'bigint':
    case 'symbol':
      return String(value);
    case 'function':
      return undefined;
    default:
      return value;
  }
}

/** Named values of a user as JSON. */
export function plainFields(fields: Readonly<Record<string, unknown>>): JsonObject {
  const written = plain(fields);
  return isObject(written) ? written : {};
}
