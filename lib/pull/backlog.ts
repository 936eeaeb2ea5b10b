import { type Observable, type Subscription, takeWhile } from 'rxjs';
import { type Cursor, DONE, PENDING, type Polled } from '../core/cursor.js';
import { ElpisError } from '../core/errors.js';
import { Ring } from './ring.js';

/**
 * What happens to a pushed value that nobody can take yet: `abort` lets `capacity` of them wait and then fails the stream;
 * `queue` lets `capacity` of them wait and drops those that come when it is full; `discard` lets none wait and drops it.
 */
export type Overflow = 'abort' | 'queue' | 'discard';

/** The bounds of a backlog. */
export interface BacklogOptions<T> {
  /** Default `abort`: nothing is lost without a word. */
  readonly overflow?: Overflow;
  /** How many values may wait. Default 65,536. */
  readonly capacity?: number;
  /** Told about every value that is dropped. */
  readonly onDiscard?: (value: T) => void;
  /** Told at once when the stream fails; otherwise the next poll tells. */
  readonly onError?: (error: unknown) => void;
}

/**
 * Turns a pushing Observable into a pulled cursor: what comes before it is asked for waits in a named, bounded, counted
 * backlog. This is the one place where push becomes pull.
 */
export class BacklogCursor<T> implements Cursor<T> {
  readonly #ring = new Ring<T>();
  readonly #options: BacklogOptions<T>;
  readonly #capacity: number;
  readonly #subscription: Subscription;
  #ended = false;
  #error: { readonly cause: unknown } | undefined;
  #wake: (() => void) | undefined;
  /** How many values were dropped. */
  discarded = 0;

  constructor(source: Observable<T>, options: BacklogOptions<T> = {}) {
    this.#options = options;
    this.#capacity = options.overflow === 'discard' ? 0 : (options.capacity ?? 65_536);
    // A source that floods while it is being subscribed to can't be unsubscribed from yet, so it is ended from the inside.
    this.#subscription = source.pipe(takeWhile(() => !this.#ended)).subscribe({
      next: (value) => this.#accept(value),
      error: (cause: unknown) => this.#fail(cause),
      complete: () => this.#end(),
    });
    if (this.#ended) this.#subscription.unsubscribe();
  }

  /** How many values wait. */
  get waiting(): number {
    return this.#ring.length;
  }

  poll(): Polled<T> {
    if (this.#error !== undefined) throw this.#error.cause;
    const value = this.#ring.shift();
    if (value !== undefined) return value;
    return this.#ended ? DONE : PENDING;
  }

  giveBack(value: T): void {
    this.#ring.unshift(value);
  }

  left(): number | undefined {
    return this.#ended ? this.#ring.length : undefined;
  }

  whenReady(wake: () => void): void {
    this.#wake = wake;
  }

  close(): void {
    this.#wake = undefined;
    this.#ended = true;
    this.#subscription.unsubscribe();
  }

  #accept(value: T): void {
    if (this.#ended) return;
    // Somebody who waits takes the value at once, so it needs no place.
    if (this.#ring.length < this.#capacity || (this.#ring.length === 0 && this.#wake !== undefined)) {
      this.#ring.push(value);
      this.#awake();
    } else if (this.#options.overflow === undefined || this.#options.overflow === 'abort') {
      const message = `more than ${this.#capacity} values were waiting for a free instance`;
      const hint = "add instances, slow the schedule, or choose overflow: 'queue' or 'discard'";
      this.#fail(new ElpisError('ELPIS_OVERFLOW', message, { hint }));
    } else {
      this.discarded++;
      this.#options.onDiscard?.(value);
    }
  }

  #fail(cause: unknown): void {
    this.#error = { cause };
    this.#end();
    this.#options.onError?.(cause);
  }

  #end(): void {
    this.#ended = true;
    // A source that ends while it is being subscribed to has no subscription yet; the constructor sees to that.
    this.#subscription?.unsubscribe();
    this.#awake();
  }

  #awake(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}
