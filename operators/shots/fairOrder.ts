/** A participant of the order. */
interface Participant {
  readonly weight: number;
  /**
   * Its distance behind its share: draws so far times its weight, minus the sum of all weights for each of its draws.
   */
  credit: number;
}

/**
 * A weighted order with the smallest possible deviation: after any number of draws, the draws of each participant
 * differ from its share by less than 1.
 *
 * The rule is R. Tijdeman's ("The chairman assignment problem", Discrete Mathematics 32, 1980): among the
 * participants that one more draw does not put too far ahead, draw the one whose draw would be overdue first. With n
 * participants the deviation is at most 1 - 1/(2n - 2). (The well-known smooth weighted round robin draws the
 * participant that is furthest behind, which does not keep that bound.) Deterministic; O(n) for each draw. With whole
 * weights the arithmetic is exact, and the order repeats after a number of draws: the sum of the weights divided by
 * their greatest common divisor.
 *
 * @example
 * const order = new FairOrder([5, 1, 1]);
 * Array.from({ length: 7 }, () => order.next()); // 0 0 1 0 0 2 0
 */
export class FairOrder {
  readonly #participants: readonly Participant[];
  readonly #sum: number;
  /** The least credit of a participant that may be drawn. */
  readonly #least: number;

  constructor(weights: readonly number[]) {
    this.#participants = weights.map((weight) => ({ weight, credit: 0 }));
    this.#sum = weights.reduce((sum, weight) => sum + weight, 0);
    this.#least = weights.length < 2 ? 0 : this.#sum / (2 * weights.length - 2);
  }

  /** Draws a participant. Returns its index in the weights. */
  next(): number {
    const latest = this.#sum - this.#least;
    let drawn = 0;
    let soonest = Number.POSITIVE_INFINITY;
    for (let i = 0; i < this.#participants.length; i++) {
      const participant = this.#participants[i] as Participant;
      participant.credit += participant.weight;
      if (participant.credit < this.#least) continue;
      const overdueIn = (latest - participant.credit) / participant.weight;
      if (overdueIn >= soonest) continue;
      soonest = overdueIn;
      drawn = i;
    }
    (this.#participants[drawn] as Participant).credit -= this.#sum;
    return drawn;
  }
}
