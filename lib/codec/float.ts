import type { Codec } from './codec.js';
import { parseInteger } from './parseInteger.js';
import { scalar } from './scalar.js';
import { Substituted } from './substituted.js';

const FLOAT = /^[+-]?(\d+(_\d+)*\.?(\d+(_\d+)*)?|\.\d+(_\d+)*)(e[+-]?\d+)?$/i;

function parse(text: string): number | undefined {
  if (!FLOAT.test(text)) return parseInteger(text);
  const value = Number(text.replaceAll('_', ''));
  return Number.isFinite(value) ? value : undefined;
}

/** A finite number, fractions allowed. A quoted number is refused; a whole-value `${...}` reference is converted. */
export const float: Codec<number> = scalar({ name: 'a number', schema: { type: 'number' } }, (raw) => {
  if (typeof raw === 'number' && Number.isFinite(raw)) return { value: raw };
  const value = raw instanceof Substituted ? parse(raw.text) : undefined;
  if (value !== undefined) return { value };
  const quoted = typeof raw === 'string' && parse(raw) !== undefined;
  return quoted ? { code: 'wrong-type', hint: 'write it without quotes' } : { code: 'wrong-type' };
});
