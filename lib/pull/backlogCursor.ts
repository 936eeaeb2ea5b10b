import { type Observable, type Subscription, takeWhile } from 'rxjs';
import { DONE, PENDING, type Polled } from '../core/cursor.js';
import { ElpisError } from '../core/errors.js';
import { BaseCursor } from './baseCursor.js';
import { type CloseErrorOptions, reportCloseError } from './closeError.js';
import { Ring } from './ring.js';

/**
 * The handling of a pushed value before it is polled: `abort` buffers up to `capacity` values and then fails the
 * stream; `queue` buffers up to `capacity` values and drops further ones; `discard` drops every value.
 */
export type Overflow = 'abort' | 'queue' | 'discard';

/** The bounds of a backlog. */
export interface BacklogOptions<T> extends CloseErrorOptions {
  /** Default `abort`: no value is dropped without an error. */
  readonly overflow?: Overflow;
  /** The largest number of values in the buffer. Default 65,536. */
  readonly capacity?: number;
  /** Called with every value that is dropped. When it throws, the stream fails with that error. */
  readonly onDiscard?: (value: T) => void;
  /**
   * Called at once when the stream fails and no value waits. While values wait, the poll after the last of them throws
   * instead.
   */
  readonly onError?: (error: unknown) => void;
}

/** The stream of a pool whose values a backlog buffers, for messages. */
export type StreamName = 'ammo' | 'ticks' | 'shots' | 'values';

const CURES: Readonly<Record<StreamName, string>> = {
  ammo: 'pull the ammo instead (an iterable, ammoFrom, mapPulled), limit the source, or set ammo: { capacity, overflow }',
  ticks:
    'keep the ticks pulled (mapPulled, filterPulled), add instances, lower the rate, or set ticks: { capacity, overflow }',
  shots:
    'keep the shots pulled (mapPulled, filterPulled), add instances, lower the rate, or set backlog: { capacity, overflow }',
  values: "pull the values instead, limit the source, or choose overflow: 'queue' or 'discard'",
};

/**
 * Turns a pushing Observable into a pulled cursor: values that arrive before they are polled wait in a named,
 * bounded, counted backlog. This is the only place where push becomes pull.
 *
 * - Values are returned in the order in which they were pushed, and before the end: an error of the source is thrown
 *   after the waiting values, as with `concatMap` or `observeOn`.
 * - An overflow with `abort` fails the stream at once: the waiting values and the one beyond the capacity are
 *   dropped, each with a call of `onDiscard`.
 * - Any value can be pushed, including `undefined`.
 * - `close` unsubscribes and drops the waiting values, without a call of `onDiscard`.
 */
export class BacklogCursor<T> extends BaseCursor<T> {
  readonly #ring = new Ring<T>();
  readonly #options: BacklogOptions<T>;
  readonly #name: StreamName;
  readonly #capacity: number;
  readonly #subscription: Subscription;
  #ended = false;
  #error: { readonly cause: unknown } | undefined;
  #wake: (() => void) | undefined;
  #discarded = 0;

  constructor(source: Observable<T>, options: BacklogOptions<T> = {}, name: StreamName = 'values') {
    super();
    this.#options = options;
    this.#name = name;
    this.#capacity = options.overflow === 'discard' ? 0 : (options.capacity ?? 65_536);
    // A source that floods while it is being subscribed to cannot be unsubscribed from yet, so `takeWhile` ends it.
    this.#subscription = source.pipe(takeWhile(() => !this.#ended)).subscribe({
      next: (value) => this.#accept(value),
      error: (cause: unknown) => this.#fail(cause),
      complete: () => this.#end(),
    });
    if (this.#ended) this.#unsubscribe();
  }

  override get pushed(): boolean {
    return true;
  }

  /** The number of waiting values. */
  get waiting(): number {
    return this.#ring.length + this.returned;
  }

  /** The number of dropped values. */
  get discarded(): number {
    return this.#discarded;
  }

  protected override draw(): Polled<T> {
    if (this.#ring.length > 0) return this.#ring.shift() as T;
    if (this.#error !== undefined) throw this.#error.cause;
    return this.#ended ? DONE : PENDING;
  }

  protected override drawable(): number | undefined {
    return this.#ended ? this.#ring.length : undefined;
  }

  override whenReady(wake: () => void): void {
    this.#wake = wake;
  }

  override close(): void {
    super.close();
    this.#wake = undefined;
    this.#ended = true;
    this.#unsubscribe();
  }

  #accept(value: T): void {
    if (this.#ended) return;
    const { overflow = 'abort' } = this.#options;
    // A waiting consumer takes the value at once, so it needs no place in the buffer.
    if (this.#ring.length < this.#capacity || (this.#ring.length === 0 && this.#wake !== undefined)) {
      this.#ring.push(value);
      this.#awake();
    } else if (overflow === 'abort') this.#abort(value);
    else {
      try {
        this.#discard(value);
      } catch (error) {
        this.#fail(error);
      }
    }
  }

  /** Fails at once and drops the waiting values, because they will not be polled. */
  #abort(surplus: T): void {
    const message = `the backlog of ${this.#name} is full: more than ${this.#capacity} were pushed before they were pulled`;
    let failure: unknown = new ElpisError('ELPIS_OVERFLOW', message, { hint: CURES[this.#name] });
    this.#ended = true;
    this.#ring.push(surplus);
    while (this.#ring.length > 0) {
      try {
        this.#discard(this.#ring.shift() as T);
      } catch (error) {
        failure = error;
      }
    }
    this.#fail(failure);
  }

  #discard(value: T): void {
    this.#discarded++;
    this.#options.onDiscard?.(value);
  }

  #fail(cause: unknown): void {
    this.#error = { cause };
    if (this.#ring.length === 0) this.#options.onError?.(cause);
    this.#end();
  }

  #end(): void {
    this.#ended = true;
    // A source that ends while it is being subscribed to has no subscription yet; the constructor unsubscribes then.
    if (this.#subscription !== undefined) this.#unsubscribe();
    this.#awake();
  }

  #unsubscribe(): void {
    try {
      this.#subscription.unsubscribe();
    } catch (error) {
      reportCloseError(error, this.#options);
    }
  }

  #awake(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}
