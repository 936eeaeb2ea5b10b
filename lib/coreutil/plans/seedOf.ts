import { planError } from './planError.js';

/**
 * A seed, checked.
 *
 * @throws ElpisError `ELPIS_CONFIG` when it is no whole number.
 */
export function seedOf(place: string, seed: number): number {
  if (Number.isSafeInteger(seed)) return seed;
  throw planError(`${place} seed`, seed, 'a whole number');
}
