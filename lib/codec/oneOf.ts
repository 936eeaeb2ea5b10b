import { closest } from './closest.js';
import type { Codec } from './codec.js';
import { scalar } from './scalar.js';
import { Substituted } from './substituted.js';

/** One of a few words, exactly as spelled. @example oneOf(['all', 'warning', 'error']) */
export function oneOf<const W extends string>(words: readonly W[]): Codec<W> {
  return scalar<W>({ name: `one of ${words.join(', ')}`, schema: { enum: words } }, (raw) => {
    const word = raw instanceof Substituted ? raw.text : raw;
    const found = words.find((candidate) => candidate === word);
    if (found !== undefined) return { value: found };
    const near = typeof word === 'string' ? closest(word, words) : undefined;
    return near === undefined ? { code: 'one-of' } : { code: 'one-of', hint: `did you mean ${near}?` };
  });
}
