import { median } from './median.js';

/** The comparison of two programs over rounds in which each ran once: the ratios a / b. */
export interface PairedRatio {
  /** The median of the ratios. */
  readonly ratio: number;
  /** An interval that contains the true median with a probability of at least 95 %; the whole range when there are fewer than six rounds. */
  readonly low: number;
  readonly high: number;
  /**
   * Two-sided sign test: the probability of so many rounds on one side, or more, if the two were equal. Rounds with equal results are left out.
   */
  readonly p: number;
  /** In how many rounds `a` was the larger. */
  readonly larger: number;
  readonly rounds: number;
}

/** Probability of at most `k` heads among `n` throws of a coin. */
function atMost(k: number, n: number): number {
  let ways = 1;
  let sum = 0;
  for (let i = 0; i <= k; i++) {
    sum += ways;
    ways = (ways * (n - i)) / (i + 1);
  }
  return sum / 2 ** n;
}

/** The sign test and the interval of the median, which both assume nothing about the distribution. */
export function pairedRatio(a: readonly number[], b: readonly number[]): PairedRatio {
  const ratios = a.map((value, round) => value / (b[round] as number)).sort((x, y) => x - y);
  const rounds = ratios.length;
  const larger = ratios.filter((ratio) => ratio > 1).length;
  const smaller = ratios.filter((ratio) => ratio < 1).length;
  const p = Math.min(1, 2 * atMost(Math.min(larger, smaller), larger + smaller));
  // The median is outside of the k-th value from either end with a probability of 2 * atMost(k - 1).
  let k = 1;
  while (2 * atMost(k, rounds) <= 0.05) k++;
  const low = ratios[k - 1] ?? Number.NaN;
  const high = ratios[rounds - k] ?? Number.NaN;
  return { ratio: median(ratios), low, high, p, larger, rounds };
}
