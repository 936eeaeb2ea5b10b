import type { SchedulerLike, Subscription } from 'rxjs';
import type { EpochMs } from '../core/units.js';

/**
 * A deadline that is often moved and almost never reached. Moving it later or clearing it sets no timer: one timer
 * checks the deadline when it fires, and is set again for the remaining time.
 */
export class LazyTimer {
  #deadline: EpochMs = Number.POSITIVE_INFINITY;
  #firesAt: EpochMs = Number.POSITIVE_INFINITY;
  #firing: Subscription | undefined;

  /** @param expired Called once per deadline that was reached. */
  constructor(
    readonly scheduler: SchedulerLike,
    readonly expired: () => void,
  ) {}

  set(at: EpochMs): void {
    this.#deadline = at;
    if (at < this.#firesAt) this.#schedule(at);
  }

  clear(): void {
    this.#deadline = Number.POSITIVE_INFINITY;
  }

  /** Cancels the timer. The object must not be used after it. */
  close(): void {
    this.clear();
    this.#firing?.unsubscribe();
    this.#firing = undefined;
  }

  #schedule(at: EpochMs): void {
    this.#firing?.unsubscribe();
    this.#firesAt = at;
    this.#firing = this.scheduler.schedule(() => this.#fired(), Math.max(0, at - this.scheduler.now()));
  }

  #fired(): void {
    this.#firesAt = Number.POSITIVE_INFINITY;
    const deadline = this.#deadline;
    if (deadline === Number.POSITIVE_INFINITY) return;
    // A timer may fire a fraction of a millisecond early; no further timer is set for that.
    if (deadline - this.scheduler.now() >= 1) {
      this.#schedule(deadline);
      return;
    }
    this.clear();
    this.expired();
  }
}
