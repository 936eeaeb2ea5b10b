import { integer } from '../codec/integer.js';
import { optional } from '../codec/optional.js';

/** The key `seed` of what is left to chance. */
export const seedField = optional(integer, 1, 'the same seed gives the same moments');
