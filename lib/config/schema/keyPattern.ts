import { anyCase } from '../../codec/anyCase.js';
import { foldKey } from '../../codec/foldKey.js';

/** A regular expression for a key in all its spellings: case, dashes and underscores don't count. */
export function keyPattern(key: string): string {
  return `${[...foldKey(key)].map((letter) => `[-_]*${anyCase(letter)}`).join('')}[-_]*`;
}
