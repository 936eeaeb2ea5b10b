import { Substituted } from '../../codec/substituted.js';

const LONGEST = 60;

/** A value in a message: short, on one line, a `${...}` reference instead of what it stands for. */
export function showValue(value: unknown): string {
  if (value instanceof Substituted) return value.reference;
  if (Array.isArray(value)) return 'a list';
  if (value === null || value === undefined) return 'nothing';
  if (typeof value === 'object') return 'a map';
  if (typeof value !== 'string') return String(value);
  return JSON.stringify(value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value);
}
