import { type Cursor, DONE, PENDING } from '../../lib/core/cursor.js';
import type { Shot } from '../../lib/core/shot.js';
import { BaseCursor } from '../../lib/pull/baseCursor.js';

class NoShots extends BaseCursor<never> {
  protected draw(): typeof DONE {
    return DONE;
  }
}

/** The cursor of a source that is not open yet. */
export const NO_SHOTS: Cursor<never> = new NoShots();

/** The shots of a {@link shoot}: the next one may be held ahead of its moment; the others are in the source. */
export class ShotQueue<A> {
  /** True when there are no further shots: the source has ended or failed. */
  exhausted = false;
  #next: Shot<A> | undefined;

  constructor(private readonly cursor: Cursor<Shot<A>>) {}

  /** True while the next shot is held. */
  get held(): boolean {
    return this.#next !== undefined;
  }

  /**
   * Holds the next shot and returns it; undefined when there is none, or none yet. Throws the exceptions of the
   * source.
   *
   * @param wake Called when there may be a shot, after a poll without one.
   */
  peek(wake: () => void): Shot<A> | undefined {
    this.#next ??= this.exhausted ? undefined : this.#poll(wake);
    return this.#next;
  }

  #poll(wake: () => void): Shot<A> | undefined {
    try {
      const polled = this.cursor.poll();
      if (polled === PENDING) this.cursor.whenReady(wake);
      else if (polled === DONE) this.exhausted = true;
      else return polled;
    } catch (error) {
      this.exhausted = true;
      throw error;
    }
    return undefined;
  }

  /** Removes the held shot. */
  take(): void {
    this.#next = undefined;
  }

  /** True when the next shot can be held ahead of its moment: one that exists only on demand cannot. */
  get canPeek(): boolean {
    return this.held || !this.cursor.onDemand();
  }

  /** Puts the held shot back into the source. */
  putBack(): void {
    const next = this.#next;
    this.#next = undefined;
    if (next !== undefined) this.cursor.giveBack(next);
  }

  /** Releases a shot. */
  release(shot: Shot<A>): void {
    this.cursor.release(shot);
  }

  close(): void {
    this.cursor.close();
  }
}
