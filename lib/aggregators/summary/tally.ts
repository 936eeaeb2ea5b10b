/** Counts by key. The key that was counted last is found without a look-up. */
export class Tally<K> {
  readonly #cells = new Map<K, { count: number }>();
  #lastKey: K | undefined;
  #lastCell = { count: 0 };

  /** Counts `by` more for the key. */
  add(key: K, by = 1): void {
    if (key !== this.#lastKey) {
      this.#lastKey = key;
      this.#lastCell = this.#cells.get(key) ?? this.#open(key);
    }
    this.#lastCell.count += by;
  }

  #open(key: K): { count: number } {
    const cell = { count: 0 };
    this.#cells.set(key, cell);
    return cell;
  }

  /** Keys and counts, the largest count first. */
  entries(): readonly (readonly [key: K, count: number])[] {
    const pairs = [...this.#cells].map(([key, { count }]) => [key, count] as const);
    return pairs.sort(([, a], [, b]) => b - a);
  }
}
