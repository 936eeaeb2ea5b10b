import type { Observable, Subscription } from 'rxjs';
import { type Cursor, DONE, PENDING, type Polled } from '../core/cursor.js';
import { ElpisError } from '../core/errors.js';
import { Ring } from './ring.js';

/** What happens to a pushed value when the backlog is full. */
export type Overflow = 'queue' | 'discard' | 'grow' | 'abort';

/** The bounds of a backlog. */
export interface BacklogOptions<T> {
  /**
   * `abort` (default): the stream fails. `discard`: the new value is dropped, counted and told to `onDiscard`. `queue`: the
   * oldest value is dropped instead, counted and told to `onDiscard`. `grow`: the backlog grows without a bound, counted.
   */
  readonly overflow?: Overflow;
  /** How many values may wait. Default 65,536. */
  readonly capacity?: number;
  /** Told about every value that is dropped. */
  readonly onDiscard?: (value: T) => void;
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
    this.#capacity = options.overflow === 'grow' ? Number.POSITIVE_INFINITY : (options.capacity ?? 65_536);
    this.#subscription = source.subscribe({
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
    const value = this.#ring.shift();
    if (value !== undefined) return value;
    if (this.#error !== undefined) throw this.#error.cause;
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
    if (this.#ring.length >= this.#capacity) {
      const { overflow = 'abort', onDiscard } = this.#options;
      if (overflow === 'abort') {
        const message = `more than ${this.#capacity} values were waiting for a free instance`;
        const hint = "add instances, slow the schedule, or choose overflow: 'discard', 'queue' or 'grow'";
        this.#fail(new ElpisError('ELPIS_OVERFLOW', message, { hint }));
        return;
      }
      this.discarded++;
      const dropped = overflow === 'queue' ? (this.#ring.shift() ?? value) : value;
      onDiscard?.(dropped);
      if (dropped === value) return;
    }
    this.#ring.push(value);
    this.#awake();
  }

  #fail(cause: unknown): void {
    this.#error = { cause };
    this.#end();
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
