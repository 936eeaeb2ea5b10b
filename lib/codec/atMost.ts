import { checked } from './checked.js';
import type { Codec } from './codec.js';

/** A number of at most `max`. @example atMost(integer, 65535) */
export function atMost(codec: Codec<number>, max: number): Codec<number> {
  return checked(codec, (value) => value <= max, `${codec.name} of at most ${max}`, 'max', {
    schema: { maximum: max },
  });
}
