import type { Codec } from './codec.js';
import { scalar } from './scalar.js';
import { Substituted } from './substituted.js';

function compiled(source: string): RegExp | string {
  try {
    return new RegExp(source, 'gu');
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** A regular expression of JavaScript: text without slashes, or in code a RegExp. It finds every match, by code points. */
export const regex: Codec<RegExp> = scalar(
  { name: 'regular expression such as [0-9]+', schema: { type: 'string', minLength: 1 } },
  (raw) => {
    const written = raw instanceof RegExp ? raw.source : raw;
    const source = written instanceof Substituted ? written.text : written;
    if (typeof source !== 'string') return { code: 'wrong-type' };
    if (source === '') return { code: 'bad-value' };
    const made = compiled(source);
    return typeof made === 'string' ? { code: 'bad-value', hint: made } : { value: made };
  },
);
