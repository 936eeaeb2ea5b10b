import { type SchedulerLike, Subscription } from 'rxjs';
import type { EpochMs, Millis } from '../../core/units.js';
import { WaitingQueue } from '../waitingQueue.js';

/** A connection that waits to be opened. */
export interface ConnectWaiter {
  /** The connection may be opened now. Called at most once, possibly before `enter` returns. */
  admitted(): void;
}

/** The most connections of a pool that open at once: fewer than the accept queue of most servers. */
const LIMIT = 256;
/** How long a connection that makes no progress occupies its place. */
const HOLD_MS: Millis = 50;

/**
 * Bounds how many connections open at once: 5,000 instances that start together would overrun the target's accept queue, and
 * dropped SYN packets are repeated only a second later. At most {@link LIMIT} connections are opening, the others wait in
 * the order of their requests.
 *
 * A connection frees its place when it is open or has failed, and after 50 ms in any case. A distant or silent target is
 * therefore still tried 5,120 times a second, each time with its full `dial.timeout`.
 */
export class ConnectLimiter {
  /** Connections that are opening and since when, oldest first. */
  readonly #opening = new Map<ConnectWaiter, EpochMs>();
  readonly #waiting = new WaitingQueue<ConnectWaiter>();
  #timer = Subscription.EMPTY;

  constructor(
    readonly scheduler: SchedulerLike,
    readonly limit = LIMIT,
    readonly holdMs: Millis = HOLD_MS,
  ) {}

  /** Admits the connection at once when a place is free and no other connection waits, otherwise later. */
  enter(waiter: ConnectWaiter): void {
    this.#waiting.add(waiter);
    this.#admit();
  }

  /** Called when the connection is open, has failed, or is no longer needed. O(1). */
  leave(waiter: ConnectWaiter): void {
    if (this.#opening.delete(waiter)) this.#admit();
    else if (this.#waiting.remove(waiter) && this.#waiting.size === 0) this.#timer.unsubscribe();
  }

  #admit(): void {
    while (this.#waiting.size > 0 && this.#opening.size < this.limit) {
      const waiter = this.#waiting.take() as ConnectWaiter;
      this.#opening.set(waiter, this.scheduler.now());
      waiter.admitted();
    }
    if (this.#waiting.size === 0) this.#timer.unsubscribe();
    else if (this.#timer.closed) this.#awaitOldest();
  }

  #awaitOldest(): void {
    for (const since of this.#opening.values()) {
      const left = since + this.holdMs - this.scheduler.now();
      this.#timer = this.scheduler.schedule(() => this.#freeHeld(), Math.max(0, left));
      return;
    }
  }

  #freeHeld(): void {
    this.#timer = Subscription.EMPTY;
    const now = this.scheduler.now();
    for (const [waiter, since] of this.#opening) {
      // A timer may fire a fraction of a millisecond early.
      if (since + this.holdMs - now >= 1) break;
      this.#opening.delete(waiter);
    }
    this.#admit();
  }
}
