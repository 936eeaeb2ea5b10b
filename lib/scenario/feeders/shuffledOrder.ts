import { seededRandom } from '../../coreutil/seededRandom.js';

/** Spreads the numbers of passes over all seeds. */
const GOLDEN = 0x9e3779b1;

/** An order of the numbers below `length` for each pass over them, by Fisher and Yates; the last one is remembered. */
export function shuffledOrder(length: number, seed: number): (pass: number) => Uint32Array {
  let known = -1;
  const order = new Uint32Array(length);
  return (pass) => {
    if (pass === known) return order;
    known = pass;
    const random = seededRandom(seed ^ Math.imul(pass + 1, GOLDEN));
    for (let i = 0; i < length; i++) order[i] = i;
    for (let last = length - 1; last > 0; last--) {
      const other = Math.floor(random() * (last + 1));
      const kept = order[last] as number;
      order[last] = order[other] as number;
      order[other] = kept;
    }
    return order;
  };
}
