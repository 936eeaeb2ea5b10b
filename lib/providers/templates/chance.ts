/** Mixes the bits of a 32-bit number; different numbers stay different (the finalizer of MurmurHash3 by Austin Appleby, public domain). */
function mixed(value: number): number {
  let bits = value ^ (value >>> 16);
  bits = Math.imul(bits, 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** Spreads the numbers of slots over all bits. */
const GOLDEN = 0x9e3779b1;

/**
 * A whole number from 0 to 2^32 - 1 by chance alone of the seed, the index of the ammo in the whole run, and the slot: which of
 * its random values it is. Without state, so that it does not depend on the order or on the share in which ammo is made.
 */
export function chance(seed: number, index: number, slot: number): number {
  const high = Math.floor(index / 2 ** 32);
  return mixed((mixed((index ^ seed ^ Math.imul(high, GOLDEN)) | 0) + Math.imul(slot + 1, GOLDEN)) | 0);
}

const hex = (value: number): string => value.toString(16).padStart(8, '0');

/**
 * A UUID of version 4 in form. Ammo with different indexes below 2^32 always have different ones in the same slot; all others
 * differ in 90 bits by chance.
 */
export function uuid(seed: number, index: number, slot: number): string {
  const words = [0, 1, 2, 3].map((word) => chance(seed, index, slot + word * 0x10000));
  const text = words.map(hex).join('');
  const variant = ((words[2] as number) >>> 30) | 8;
  return `${text.slice(0, 8)}-${text.slice(8, 12)}-4${text.slice(13, 16)}-${variant.toString(16)}${text.slice(17, 20)}-${text.slice(20)}`;
}
