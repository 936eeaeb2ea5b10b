import { isMap } from '../../codec/isMap.js';
import { Substituted } from '../../codec/substituted.js';

const LONGEST = 60;

/** A value in a message: short, on one line, a `${...}` reference instead of what it stands for. */
export function showValue(value: unknown): string {
  if (value instanceof Substituted) return value.reference;
  if (Array.isArray(value)) return 'a list';
  if (value === null || value === undefined) return 'nothing';
  if (typeof value === 'object') return isMap(value) ? 'a map' : 'an object';
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'string') return String(value);
  return JSON.stringify(value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value);
}
