import { type Cursor, DONE, PENDING, type Polled } from '../core/cursor.js';

/**
 * Pulls an async iterable, one value ahead of demand.
 */
export class AsyncIterableCursor<T> implements Cursor<T> {
  readonly #iterator: AsyncIterator<T>;
  readonly #returned: T[] = [];
  #state: Polled<T> | undefined;
  #error: { readonly cause: unknown } | undefined;
  #wake: (() => void) | undefined;
  #closed = false;

  constructor(iterable: AsyncIterable<T>) {
    this.#iterator = iterable[Symbol.asyncIterator]();
  }

  poll(): Polled<T> {
    const returned = this.#returned.pop();
    if (returned !== undefined) return returned;
    if (this.#error !== undefined) throw this.#error.cause;
    const state = this.#state;
    if (state === DONE || state === PENDING) return state;
    this.#state = PENDING;
    this.#iterator.next().then(
      ({ done, value }) => this.#settle(done === true ? DONE : value),
      (cause: unknown) => {
        this.#error = { cause };
        this.#settle(DONE);
      },
    );
    return state ?? PENDING;
  }

  #settle(state: Polled<T>): void {
    this.#state = state;
    const wake = this.#wake;
    this.#wake = undefined;
    if (!this.#closed) wake?.();
  }

  giveBack(value: T): void {
    this.#returned.push(value);
  }

  whenReady(wake: () => void): void {
    this.#wake = wake;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    void this.#iterator.return?.();
  }
}

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
