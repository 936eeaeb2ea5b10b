/**
 * The values of a series of any length, in order and in bounded memory: beyond the limit every second one is left out, and
 * then only every second one of those that follow. The first and the last value are always there.
 */
export class Thinned<T> {
  #kept: T[] = [];
  #last: T | undefined;
  /** One of this many values is kept. */
  #every = 1;
  #seen = 0;

  /** @param limit The largest number of values, at least 2. */
  constructor(private readonly limit: number) {}

  get values(): readonly T[] {
    const last = this.#last;
    return last === undefined || last === this.#kept.at(-1) ? this.#kept : [...this.#kept, last];
  }

  add(value: T): void {
    this.#last = value;
    if (this.#seen++ % this.#every !== 0) return;
    this.#kept.push(value);
    if (this.#kept.length < this.limit) return;
    this.#kept = this.#kept.filter((_, i) => i % 2 === 0);
    this.#every *= 2;
  }
}
