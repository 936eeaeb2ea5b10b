/** One of those that take turns. */
interface Contender {
  readonly weight: number;
  /** What it is owed, in weights: draws so far times its weight, less all weights for each draw that it got. */
  credit: number;
}

/**
 * Takes turns by weight, with no more unfairness than there must be: after any number of draws everybody has been drawn
 * within 1 of its share.
 *
 * The rule is R. Tijdeman's ("The chairman assignment problem", Discrete Mathematics 32, 1980): of those who have waited for
 * long enough that one more draw does not put them too far ahead, take the one whose draw would be overdue first. With n
 * taking part nobody is ever off by more than 1 - 1/(2n - 2). (The well-known smooth weighted round robin takes whoever is
 * owed the most, which alone does not keep that bound.) Deterministic; O(n) for each draw. With whole weights the arithmetic
 * is exact, and the order repeats when the weights, divided by what they have in common, have been drawn.
 *
 * @example
 * const order = new FairOrder([5, 1, 1]);
 * Array.from({ length: 7 }, () => order.next()); // 0 0 1 0 0 2 0
 */
export class FairOrder {
  readonly #contenders: readonly Contender[];
  readonly #sum: number;
  /** The least that somebody must be owed to be drawn. */
  readonly #least: number;

  constructor(weights: readonly number[]) {
    this.#contenders = weights.map((weight) => ({ weight, credit: 0 }));
    this.#sum = weights.reduce((sum, weight) => sum + weight, 0);
    this.#least = weights.length < 2 ? 0 : this.#sum / (2 * weights.length - 2);
  }

  /** Whose turn it is: an index into the weights. */
  next(): number {
    const latest = this.#sum - this.#least;
    let winner = 0;
    let soonest = Number.POSITIVE_INFINITY;
    for (let i = 0; i < this.#contenders.length; i++) {
      const contender = this.#contenders[i] as Contender;
      contender.credit += contender.weight;
      if (contender.credit < this.#least) continue;
      const overdueIn = (latest - contender.credit) / contender.weight;
      if (overdueIn >= soonest) continue;
      soonest = overdueIn;
      winner = i;
    }
    (this.#contenders[winner] as Contender).credit -= this.#sum;
    return winner;
  }
}
