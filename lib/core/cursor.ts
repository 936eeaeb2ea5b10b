import type { EpochMs } from './units.js';

/** The result of {@link Cursor.poll} when no value is available yet: poll again after `whenReady` has called back. */
export const PENDING: unique symbol = Symbol('elpis.pending');

/** The result of {@link Cursor.poll} at the end of the stream. */
export const DONE: unique symbol = Symbol('elpis.done');

/** The result of one {@link Cursor.poll}. */
export type Polled<T> = T | typeof PENDING | typeof DONE;

/**
 * The pull side of a stream: a value is produced on demand, never ahead of demand beyond a stated bound. It has no
 * promise, so it also runs in virtual time.
 *
 * - A cursor has exactly one consumer. It MUST NOT be polled again after `DONE`, an error or `close`.
 * - `poll` MUST return at once. It throws when the stream has failed; the stream is then over.
 * - `whenReady` MAY be called only after `poll` returned `PENDING`, or at any time on a `pushed` cursor. `wake` is called
 *   once, when a new `poll` is worthwhile, and MUST NOT be called after `close`. A later call replaces an earlier one.
 * - `close` MUST release what the cursor holds. It is idempotent and MUST be called by the consumer on every way out.
 *   A failure to close SHOULD be reported through an option that the cursor was made with, and SHOULD NOT be thrown.
 * - Every value is allowed, also `undefined`, `null` and `NaN`: a cursor MUST NOT treat one of them as "no value".
 *
 * `BaseCursor` implements everything but the drawing of values.
 */
export interface Cursor<T> {
  /**
   * True when values and the end arrive at their own time instead of on request: a backlog, ticks under control. The end
   * MAY then arrive while the consumer waits for something else, so the consumer SHOULD also call `whenReady` meanwhile.
   */
  readonly pushed: boolean;
  /** True when values are used again after `release`. A consumer that changes values then MUST release the original. */
  readonly reuses: boolean;
  poll(): Polled<T>;
  whenReady(wake: () => void): void;
  close(): void;
  /**
   * Exact number of values left, `Infinity`, or `undefined` when unknown. 0 promises that the next `poll` ends the stream:
   * it returns `DONE` or throws.
   */
  left(): number | undefined;
  /**
   * True while the next value exists only on demand (an unlimited schedule). A consumer that does not use the value
   * MUST NOT poll then.
   */
  onDemand(): boolean;
  /** Puts back a value that was polled but not used; it MUST be the next one to be polled. */
  giveBack(value: T): void;
  /** The consumer no longer needs a polled value, so its owner MAY reuse it. At most once per value. */
  release(value: T): void;
  /** When the stream ends in time, which may be after its last value (a trailing pause). Valid after `DONE`. */
  finish(): EpochMs | undefined;
}
