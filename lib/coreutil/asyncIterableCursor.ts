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
