/** What happens to a key that is new while the tally is full. */
export type WhenFull = 'other' | 'forget-oldest';

/** Name under which keys are counted that came too late for a key of their own. */
const OTHER = '(other)';

/**
 * Counts by key, for a bounded number of keys.
 *
 * @example
 * const tally = new BoundedTally<string>(1, 'other');
 * tally.add('/a');
 * tally.add('/b');
 * tally.toRecord(); // { '/a': 1, '(other)': 1 }
 */
export class BoundedTally<K extends string | number> {
  readonly #counts = new Map<K, number>();
  #other = 0;

  constructor(
    private readonly capacity: number,
    private readonly whenFull: WhenFull,
  ) {}

  add(key: K): void {
    const count = this.#counts.get(key);
    if (count !== undefined) {
      this.#counts.set(key, count + 1);
      return;
    }
    if (this.#counts.size >= this.capacity) {
      if (this.whenFull === 'other') {
        this.#other++;
        return;
      }
      for (const oldest of this.#counts.keys()) {
        this.#counts.delete(oldest);
        break;
      }
    }
    this.#counts.set(key, 1);
  }

  clear(): void {
    this.#counts.clear();
    this.#other = 0;
  }

  toRecord(): Record<string, number> {
    const record: Record<string, number> = Object.fromEntries(this.#counts);
    if (this.#other > 0) record[OTHER] = this.#other;
    return record;
  }
}
