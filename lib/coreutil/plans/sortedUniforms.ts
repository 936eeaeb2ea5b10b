import { betaVariate } from './betaVariate.js';
import { indexedRandom } from './indexedRandom.js';

const BLOCK = 64;
/** More draws than one split ever takes. */
const DRAWS = 4096;

/** Blocks `low` to `high`, without that one, and where their gaps begin and end. */
interface Split {
  readonly low: number;
  readonly high: number;
  readonly from: number;
  readonly to: number;
}

/**
 * `count` uniform random numbers in [0, 1), in order, each by its index in O(log count) and without a list: the same seed and
 * count give the same numbers, in whatever order they are asked for.
 *
 * They cut [0, 1) into `count + 1` gaps, which are distributed like independent exponentials divided by their sum
 * (L. Devroye, "Non-Uniform Random Variate Generation", 1986, V.2). The sum of the first a of a + b such gaps has the
 * distribution Beta(a, b), whatever the gaps are in relation to each other; so the gaps are halved, and halved again, down to
 * blocks of 64, whose exponentials are then drawn. Every random number comes from the seed and the place of the split or gap.
 */
export function sortedUniforms(count: number, seed: number): (index: number) => number {
  const gapRandom = indexedRandom(seed);
  const splitRandom = indexedRandom(seed + 0x5eed);
  const gaps = count + 1;
  const blocks = Math.ceil(gaps / BLOCK);
  // The upper ends of the gaps of the block that was asked for last.
  const ends = new Float64Array(BLOCK);
  let drawn = -1;

  /** How much of the gaps from block `low` up to `high` lies before block `middle`. */
  const shareBefore = (low: number, middle: number, high: number): number => {
    let draw = middle * DRAWS;
    const before = (middle - low) * BLOCK;
    return betaVariate(before, Math.min(gaps, high * BLOCK) - middle * BLOCK, () => splitRandom(draw++));
  };

  // The splits on the way to the block that was asked for last; the next one shares most of them.
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
