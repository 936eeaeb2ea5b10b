import type { Codec } from './codec.js';
import { scalar } from './scalar.js';
import { Substituted } from './substituted.js';

const TRUE = new Set(['1', 't', 'T', 'TRUE', 'true', 'True']);
const FALSE = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False']);

/** True or false. A quoted "true" is refused; a whole-value `${...}` reference is converted. */
export const flag: Codec<boolean> = scalar({ name: 'true or false', schema: { type: 'boolean' } }, (raw) => {
  if (typeof raw === 'boolean') return { value: raw };
  if (raw instanceof Substituted && TRUE.has(raw.text)) return { value: true };
  if (raw instanceof Substituted && FALSE.has(raw.text)) return { value: false };
  return typeof raw === 'string'
    ? { code: 'wrong-type', hint: 'write true or false without quotes' }
    : { code: 'wrong-type' };
});
