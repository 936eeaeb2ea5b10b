import type { Codec } from './codec.js';
import { parseInteger } from './parseInteger.js';
import { scalar } from './scalar.js';
import { Substituted } from './substituted.js';

const advise = (raw: unknown): string | undefined =>
  typeof raw === 'number' && !Number.isInteger(raw) ? `the fraction is cut off: ${Math.trunc(raw)}` : undefined;

/**
 * A whole number. A fraction is cut off toward zero, as Pandora does. A quoted number is refused; a whole-value `${...}`
 * reference may be decimal, 0x, 0o, 0b, or octal with a leading 0, with underscores between digits.
 */
export const integer: Codec<number> = scalar({ name: 'a whole number', schema: { type: 'number' }, advise }, (raw) => {
  if (typeof raw === 'number' && Number.isFinite(raw)) return { value: Math.trunc(raw) };
  const value = raw instanceof Substituted ? parseInteger(raw.text) : undefined;
  if (value !== undefined) return { value };
  const quoted = typeof raw === 'string' && parseInteger(raw) !== undefined;
  return quoted ? { code: 'wrong-type', hint: 'write it without quotes' } : { code: 'wrong-type' };
});
