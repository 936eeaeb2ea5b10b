/** A well-mixing permutation of 32 bits (lowbias32 by Chris Wellons, public domain). */
function mix(bits: number): number {
  let x = bits;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return x ^ (x >>> 16);
}

/**
 * Random numbers by index, uniform in [0, 1) with 53 bits: each is computed from the seed and its index alone, so any of them
 * can be asked for at any time. The same on every machine. Not for secrets.
 *
 * @example
 * const random = indexedRandom(42);
 * random(7); // always the same, asked for first or last
 */
export function indexedRandom(seed: number): (index: number) => number {
  const low = mix((seed | 0) ^ 0x2545f491);
  const key = mix(low ^ Math.floor(seed / 4294967296));
  const other = mix(key ^ 0x9e3779b9);
  return (index) => {
    const high = Math.floor(index / 4294967296);
    const a = mix(mix((index | 0) ^ key) ^ high);
    const b = mix(mix((index | 0) ^ other) ^ high);
    return ((a >>> 5) * 67108864 + (b >>> 6)) / 9007199254740992;
  };
}
