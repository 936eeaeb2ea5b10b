/** The order in which the scenarios of a file are played: blocks in the order of the file, again and again. */
export interface Rotation {
  /** How many scenarios one round has; 0 when there is none to play. */
  readonly length: number;
  /** How many times in a round each scenario is played, in the order of the file. */
  readonly counts: readonly number[];
  /** Which scenario of the file start `index` of the run plays, from 0. */
  at(index: number): number;
}

function commonDivisor(a: number, b: number): number {
  let [larger, smaller] = [a, b];
  while (smaller !== 0) [larger, smaller] = [smaller, larger % smaller];
  return larger;
}

/**
 * The rotation of scenarios by their weights, as Pandora has it: weights are divided by their greatest common divisor, and each scenario
 * comes that many times in a row. It is arithmetic on the index of the start, so each thread plays its part of one order, and large
 * weights cost nothing. A scenario with a weight below 0 is never played. Scenarios of the same name all have the weight of the last.
 *
 * ```text
 * weights 20, 30, 60      A A B B B C C C C C C   A A B B B C C C C C C   ...
 * ```
 *
 * @example
 * const order = rotation([{ name: 'a', weight: 20 }, { name: 'b', weight: 30 }]);
 * [0, 1, 2, 5].map((index) => order.at(index)); // [0, 0, 1, 0]
 */
export function rotation(scenarios: readonly { readonly name: string; readonly weight: number }[]): Rotation {
  const divisor = scenarios.reduce((all, { weight }) => commonDivisor(all, Math.abs(weight)), 0) || 1;
  const byName = new Map(scenarios.map(({ name, weight }) => [name, Math.max(0, weight / divisor)]));
  const counts = scenarios.map(({ name }) => byName.get(name) as number);
  let length = 0;
  /** For each scenario the place in a round before which its block ends. */
  const ends = counts.map((count) => {
    length += count;
    return length;
  });
  const at = (index: number): number => {
    const place = index % length;
    let [low, high] = [0, ends.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] as number) > place) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  return { length, counts, at };
}
