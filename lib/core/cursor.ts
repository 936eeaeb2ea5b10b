import type { EpochMs } from './units.js';

/** The answer of {@link Cursor.poll} when there is nothing yet: ask again after `whenReady` has called back. */
export const PENDING: unique symbol = Symbol('elpis.pending');

/** The answer of {@link Cursor.poll} when there will be nothing more. */
export const DONE: unique symbol = Symbol('elpis.done');

/** What one {@link Cursor.poll} answers. */
export type Polled<T> = T | typeof PENDING | typeof DONE;

/**
 * The pull side of a stream: values are produced when they are asked for, never ahead of demand beyond a stated bound.
 * It has no promise in it, so it also runs in virtual time.
 *
 * - A cursor has exactly one consumer. It MUST NOT be polled again after `DONE`, an error or `close`.
 * - `poll` MUST return at once. It throws when the stream has failed; the stream is then over.
 * - `whenReady` MAY be called only after `poll` answered `PENDING`; `wake` is called exactly once, asynchronously, when
 *   a new `poll` is worthwhile, and never after `close`. A later call replaces an earlier one.
 * - `close` MUST release what the cursor holds. It is idempotent and MUST be called by the consumer on every way out.
 */
export interface Cursor<T> {
  poll(): Polled<T>;
  whenReady(wake: () => void): void;
  close(): void;
  /**
   * Exact number of values left, `Infinity` or `undefined` when unknown. 0 promises that `poll` will answer `DONE`.
   */
  left?(): number | undefined;
  /**
   * True while the next value would exist only because it is asked for (an unlimited schedule). Who has no use for it MUST
   * NOT ask.
   */
  onDemand?(): boolean;
  /** Gives back a value that was polled but not used; it is then the next one to be polled. */
  giveBack?(value: T): void;
  /** Says that a polled value is not needed any more, so that its owner may reuse it. At most once per value. */
  release?(value: T): void;
  /** When the stream ends in time, which may be after its last value (a trailing pause). Valid after `DONE`. */
  finish?(): EpochMs | undefined;
}
