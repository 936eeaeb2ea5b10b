import { checked } from './checked.js';
import type { Codec } from './codec.js';
import { text } from './text.js';

/** Text of at least one character. */
export const nonEmpty: Codec<string> = checked(text, (value) => value !== '', 'text that is not empty', 'required', {
  schema: { minLength: 1 },
});
