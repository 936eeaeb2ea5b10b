import { checked } from './checked.js';
import type { Codec } from './codec.js';
import { integer } from './integer.js';

/** A whole number that is not negative. */
export const unsigned: Codec<number> = checked(
  integer,
  (value) => value >= 0,
  'a whole number, not negative',
  'negative-number',
  { schema: { minimum: 0 } },
);
