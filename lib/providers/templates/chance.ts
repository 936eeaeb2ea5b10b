import { mix, seedKey } from '../../plans/chance.js';

/** Spreads the numbers of slots over all bits. */
const GOLDEN = 0x9e3779b1;

/**
 * A random whole number from 0 to 2^32 - 1, a pure function of the seed, the index of the ammo in the whole run, and
 * the slot (the number of the random value within the ammo). It has no state, so it does not depend on the order or the
 * share in which ammo is made.
 */
export function chance(seed: number, index: number, slot: number): number {
  const high = Math.floor(index / 2 ** 32);
  return mix((mix(mix((index | 0) ^ seedKey(seed)) ^ high) + Math.imul(slot + 1, GOLDEN)) | 0) >>> 0;
}

const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/**
 * A UUID in the form of version 4. UUIDs of one slot always differ for indexes below 2^32; all others differ in 90
 * random bits.
 */
export function uuid(seed: number, index: number, slot: number): string {
  const a = chance(seed, index, slot);
  const b = chance(seed, index, slot + 0x10000);
  const c = chance(seed, index, slot + 0x20000);
  const d = chance(seed, index, slot + 0x30000);
  const byte = (word: number, shift: number): string => BYTES[(word >>> shift) & 255] as string;
  const version = BYTES[((b >>> 8) & 0x0f) | 0x40] as string;
  const variant = BYTES[((c >>> 24) & 0x3f) | 0x80] as string;
  return (
    `${byte(a, 24)}${byte(a, 16)}${byte(a, 8)}${byte(a, 0)}-${byte(b, 24)}${byte(b, 16)}-${version}${byte(b, 0)}` +
    `-${variant}${byte(c, 16)}-${byte(c, 8)}${byte(c, 0)}${byte(d, 24)}${byte(d, 16)}${byte(d, 8)}${byte(d, 0)}`
  );
}
