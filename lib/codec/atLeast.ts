import { checked } from './checked.js';
import type { Codec } from './codec.js';

/** A number of at least `min`. @example atLeast(integer, 1) */
export function atLeast(codec: Codec<number>, min: number): Codec<number> {
  return checked(codec, (value) => value >= min, `${codec.name} of at least ${min}`, 'min', {
    schema: { minimum: min },
  });
}
