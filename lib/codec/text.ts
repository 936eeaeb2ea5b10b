import type { Codec } from './codec.js';
import { scalar } from './scalar.js';
import { Substituted } from './substituted.js';

/** Text. Numbers and booleans are not converted: quote them. */
export const text: Codec<string> = scalar({ name: 'text', schema: { type: 'string' } }, (raw) => {
  if (typeof raw === 'string') return { value: raw };
  if (raw instanceof Substituted) return { value: raw.text };
  const scalarValue = typeof raw === 'number' || typeof raw === 'boolean';
  return scalarValue ? { code: 'wrong-type', hint: `quote it: "${raw}"` } : { code: 'wrong-type' };
});
