/**
 * What waits, first come first served. Each call but `first` takes constant time. @typeParam W Waits at most once at a time.
 */
export class WaitingQueue<W> {
  readonly #waiting = new Set<W>();
  /** Continues through the set: an iteration from its start skips all that was deleted before, every time. */
  #order: Iterator<W> = this.#waiting.values();

  get size(): number {
    return this.#waiting.size;
  }

  add(waiter: W): void {
    this.#waiting.add(waiter);
  }

  /** Returns false for one that does not wait. */
  remove(waiter: W): boolean {
    return this.#waiting.delete(waiter);
  }

  /** Removes and returns the one that waits the longest; undefined when none does. */
  take(): W | undefined {
    let next = this.#order.next();
    if (next.done === true) {
      this.#order = this.#waiting.values();
      next = this.#order.next();
    }
    if (next.done === true) return undefined;
    this.#waiting.delete(next.value);
    return next.value;
  }

  /** Up to `count` of those that wait the longest, in order. They go on waiting. Skips what was deleted before. */
  first(count: number): readonly W[] {
    const found: W[] = [];
    for (const waiter of this.#waiting) {
      if (found.length === count) break;
      found.push(waiter);
    }
    return found;
  }

  clear(): void {
    this.#waiting.clear();
  }
}
