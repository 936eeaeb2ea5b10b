import type { Codec } from './codec.js';
import { scalar } from './scalar.js';
import { Substituted } from './substituted.js';

const FLOAT = /^[+-]?(\d+(_\d+)*\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** A finite number, fractions allowed. A quoted number is refused; a whole-value `${...}` reference is converted. */
export const float: Codec<number> = scalar('a number', (raw) => {
  if (typeof raw === 'number' && Number.isFinite(raw)) return { value: raw };
  if (raw instanceof Substituted && FLOAT.test(raw.text)) return { value: Number(raw.text.replaceAll('_', '')) };
  return { code: 'wrong-type' };
});
