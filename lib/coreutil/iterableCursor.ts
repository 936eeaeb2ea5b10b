import { type Cursor, DONE, type Polled } from '../core/cursor.js';

/**
 * Pulls an iterable, one value per poll; never ahead of demand.
 *
 * @example
 * new IterableCursor([1, 2]).poll(); // 1
 */
export class IterableCursor<T> implements Cursor<T> {
  readonly #iterator: Iterator<T>;
  readonly #returned: T[] = [];
  #open = true;

  constructor(iterable: Iterable<T>) {
    this.#iterator = iterable[Symbol.iterator]();
  }

  poll(): Polled<T> {
    const returned = this.#returned.pop();
    if (returned !== undefined) return returned;
    if (!this.#open) return DONE;
    const result = this.#iterator.next();
    if (result.done !== true) return result.value;
    this.#open = false;
    return DONE;
  }

  giveBack(value: T): void {
    this.#returned.push(value);
  }

  whenReady(): void {
    throw new TypeError('an iterable is never pending');
  }

  close(): void {
    if (this.#open) this.#iterator.return?.();
    this.#open = false;
  }
}
