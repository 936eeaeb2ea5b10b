import type { Codec } from './codec.js';
import { scalar } from './scalar.js';
import { Substituted } from './substituted.js';

const PREFIXED = /^([+-]?)(0x[\da-f_]+|0o[0-7_]+|0b[01_]+|0[0-7_]+|[1-9][\d_]*|0)$/i;

function parse(text: string): number | undefined {
  const match = PREFIXED.exec(text);
  if (match === null) return undefined;
  const digits = (match[2] as string).replaceAll('_', '');
  const octal = /^0\d/.test(digits) ? `0o${digits.slice(1)}` : digits;
  const value = Number(octal);
  return Number.isSafeInteger(value) ? (match[1] === '-' ? -value : value) : undefined;
}

/**
 * A whole number. A fraction is cut off toward zero, as Pandora does. A quoted number is refused; a whole-value `${...}`
 * reference may be decimal, 0x, 0o, 0b, or octal with a leading 0, with underscores between digits.
 */
export const integer: Codec<number> = scalar('a whole number', (raw) => {
  if (typeof raw === 'number' && Number.isFinite(raw)) return { value: Math.trunc(raw) };
  const value = raw instanceof Substituted ? parse(raw.text) : undefined;
  return value === undefined ? { code: 'wrong-type' } : { value };
});
