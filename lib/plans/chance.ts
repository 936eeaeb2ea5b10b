import type { Random } from '../core/deps.js';
import { planError } from './support.js';

/** A well-mixing permutation of 32 bits (lowbias32 by Chris Wellons, public domain). */
export function mix(bits: number): number {
  let x = bits;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return x ^ (x >>> 16);
}

/** The 32 bits for a seed of any size; all parts of the seed influence them. */
export function seedKey(seed: number): number {
  return mix(mix((seed | 0) ^ 0x2545f491) ^ Math.floor(seed / 4294967296));
}

/**
 * Random numbers by index, uniform in [0, 1) with 53 bits: each is computed from the seed and its index alone, so any
 * of them can be computed at any time. The same on every machine. Not for secrets.
 *
 * @example
 * const random = indexedRandom(42);
 * random(7); // always the same, in any order of calls
 */
export function indexedRandom(seed: number): (index: number) => number {
  const key = seedKey(seed);
  const other = mix(key ^ 0x9e3779b9);
  return (index) => {
    const high = Math.floor(index / 4294967296);
    const a = mix(mix((index | 0) ^ key) ^ high);
    const b = mix(mix((index | 0) ^ other) ^ high);
    return ((a >>> 5) * 67108864 + (b >>> 6)) / 9007199254740992;
  };
}

/**
 * A standard normal random number from two uniform ones.
 *
 * Formula: `sqrt(-2 ln(1 - U1)) * cos(2 pi U2)`. Source: G. Box, M. Muller, A Note on the Generation of Random Normal
 * Deviates (1958).
 *
 * @param random Uniform in [0, 1); called twice.
 */
export function normalVariate(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Gamma with a shape of at least 1, by G. Marsaglia and W. W. Tsang, "A simple method for generating gamma variables" (2000). */
function gamma(shape: number, random: Random): number {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normalVariate(random);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** A random number with the distribution Beta(a, b), for `a` and `b` of at least 1: X / (X + Y) of two gammas. */
function betaVariate(a: number, b: number, random: Random): number {
  const x = gamma(a, random);
  return x / (x + gamma(b, random));
}

const BLOCK = 64;
/** An upper limit of the draws of one split. */
const DRAWS = 4096;

/** The blocks from `low` to before `high`, and the begin and end of their gaps. */
interface Split {
  readonly low: number;
  readonly high: number;
  readonly from: number;
  readonly to: number;
}

/**
 * `count` uniform random numbers in [0, 1), in order, each by its index in O(log count) and without a list: the same
 * seed and count give the same numbers, in any order of calls.
 *
 * They divide [0, 1) into `count + 1` gaps, which are distributed like independent exponentials divided by their sum
 * (L. Devroye, "Non-Uniform Random Variate Generation", 1986, V.2). The sum of the first a of a + b such gaps has the
 * distribution Beta(a, b), for any ratios of the gaps; so the gaps are halved repeatedly, down to blocks of 64, whose
 * exponentials are then drawn. Every random number depends on the seed and the place of the split or gap.
 */
export function sortedUniforms(count: number, seed: number): (index: number) => number {
  const gapRandom = indexedRandom(seed);
  const splitRandom = indexedRandom(seed + 0x5eed);
  const gaps = count + 1;
  const blocks = Math.ceil(gaps / BLOCK);
  // The upper ends of the gaps of the last block.
  const ends = new Float64Array(BLOCK);
  let drawn = -1;

  /** The part of the gaps from block `low` up to `high` that is before block `middle`. */
  const shareBefore = (low: number, middle: number, high: number): number => {
    let draw = middle * DRAWS;
    const before = (middle - low) * BLOCK;
    return betaVariate(before, Math.min(gaps, high * BLOCK) - middle * BLOCK, () => splitRandom(draw++));
  };

  // The splits on the way to the last block; the next block shares most of them.
  const path: Split[] = [{ low: 0, high: blocks, from: 0, to: 1 }];

  const splitOf = (block: number): Split => {
    let split = path.at(-1) as Split;
    while (block < split.low || block >= split.high) {
      path.pop();
      split = path.at(-1) as Split;
    }
    while (split.high - split.low > 1) {
      const { low, high, from, to } = split;
      const middle = Math.floor((low + high) / 2);
      const cut = from + (to - from) * shareBefore(low, middle, high);
      split = block < middle ? { low, high: middle, from, to: cut } : { low: middle, high, from: cut, to };
      path.push(split);
    }
    return split;
  };

  const drawBlock = (block: number): void => {
    const { from, to } = splitOf(block);
    const first = block * BLOCK;
    const size = Math.min(BLOCK, gaps - first);
    let sum = 0;
    for (let i = 0; i < size; i++) {
      sum -= Math.log(1 - gapRandom(first + i));
      ends[i] = sum;
    }
    const scale = sum > 0 ? (to - from) / sum : 0;
    for (let i = 0; i < size; i++) ends[i] = Math.min(to, from + (ends[i] as number) * scale);
    drawn = block;
  };

  return (index) => {
    const block = Math.floor(index / BLOCK);
    if (block !== drawn) drawBlock(block);
    return ends[index - block * BLOCK] as number;
  };
}

/** The seed of random operators. */
export interface Seeded {
  /** The same seed gives the same plan; a whole number. Default 1. */
  readonly seed?: number;
}

/**
 * A seed, checked.
 *
 * @throws ElpisError `ELPIS_CONFIG` when it is not a whole number.
 */
export function seedOf(place: string, seed: number): number {
  if (Number.isSafeInteger(seed)) return seed;
  throw planError(`${place} seed`, seed, 'a whole number');
}
