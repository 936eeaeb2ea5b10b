import { DONE, PENDING, type Polled } from '../core/cursor.js';
import { BaseCursor } from './baseCursor.js';
import { type CloseErrorOptions, reportCloseError } from './closeError.js';

/**
 * Pulls an iterable, one value per poll; never ahead of demand. A `return()` that throws is reported to `onCloseError`.
 *
 * @example
 * new IterableCursor([1, 2]).poll(); // 1
 */
export class IterableCursor<T> extends BaseCursor<T> {
  readonly #iterator: Iterator<T>;
  /** True while the iterator is open and must be closed by `return()`. */
  #open = true;
  #over = false;

  constructor(
    iterable: Iterable<T>,
    private readonly options: CloseErrorOptions = {},
  ) {
    super();
    this.#iterator = iterable[Symbol.iterator]();
  }

  protected override draw(): Polled<T> {
    if (this.#over) return DONE;
    // An iterator that threw or is done is closed.
    this.#open = false;
    const result = this.#iterator.next();
    if (result.done === true) {
      this.#over = true;
      return DONE;
    }
    this.#open = true;
    return result.value;
  }

  override close(): void {
    super.close();
    this.#over = true;
    if (!this.#open) return;
    this.#open = false;
    try {
      this.#iterator.return?.();
    } catch (error) {
      reportCloseError(error, this.options);
    }
  }
}

/**
 * Pulls an async iterable, one value ahead of demand. A `return()` that throws or rejects, and a read that fails after the
 * close, are reported to `onCloseError`.
 */
export class AsyncIterableCursor<T> extends BaseCursor<T> {
  readonly #iterator: AsyncIterator<T>;
  /**
   * `idle`: no value was requested; `asked`: a value is awaited; `ready`: it has arrived; `over`: done, failed or
   * closed.
   */
  #state: 'idle' | 'asked' | 'ready' | 'over' = 'idle';
  #value: T | undefined;
  #error: { readonly cause: unknown } | undefined;
  #wake: (() => void) | undefined;
  #closed = false;

  constructor(
    iterable: AsyncIterable<T>,
    private readonly options: CloseErrorOptions = {},
  ) {
    super();
    this.#iterator = iterable[Symbol.asyncIterator]();
  }

  protected override draw(): Polled<T> {
    if (this.#state === 'ready') {
      const value = this.#value as T;
      this.#ask();
      return value;
    }
    if (this.#state === 'idle') this.#ask();
    if (this.#error !== undefined) throw this.#error.cause;
    return this.#state === 'over' ? DONE : PENDING;
  }

  #ask(): void {
    this.#state = 'asked';
    this.#value = undefined;
    try {
      Promise.resolve(this.#iterator.next()).then(
        ({ done, value }) => this.#settle(done === true ? 'over' : 'ready', value),
        (cause: unknown) => this.#fail(cause),
      );
    } catch (cause) {
      this.#fail(cause);
    }
  }

  #fail(cause: unknown): void {
    if (this.#closed) reportCloseError(cause, this.options);
    this.#error = { cause };
    this.#settle('over', undefined);
  }

  #settle(state: 'ready' | 'over', value: T | undefined): void {
    if (this.#closed) return;
    this.#state = state;
    this.#value = value;
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  override whenReady(wake: () => void): void {
    this.#wake = wake;
  }

  override close(): void {
    if (this.#closed) return;
    super.close();
    const open = this.#state !== 'over';
    this.#closed = true;
    this.#state = 'over';
    this.#wake = undefined;
    if (!open) return;
    const report = (error: unknown): void => reportCloseError(error, this.options);
    try {
      Promise.resolve(this.#iterator.return?.()).then(undefined, report);
    } catch (error) {
      report(error);
    }
  }
}
