import { type Cursor, DONE, PENDING } from '../../lib/core/cursor.js';
import type { Shot } from '../../lib/core/shot.js';

/** Where a {@link shoot} gets its shots from: one is in hand ("armed") ahead of its moment, the others are still in the source. */
export class ShotSupply<A> {
  /** The shot in hand. */
  armed: Shot<A> | undefined;
  /** True when no further shot will come, or is wanted. */
  exhausted = false;
  #cursor: Cursor<Shot<A>> | undefined;

  /**
   * @param ready Called when a shot may have come that was not there when it was asked for.
   * @param onExhausted Called once, when no further shot will come or is wanted.
   */
  constructor(
    private readonly ready: () => void,
    private readonly onExhausted: () => void,
  ) {}

  open(cursor: Cursor<Shot<A>>): void {
    this.#cursor = cursor;
  }

  /** Takes a shot in hand and answers it; undefined when there is none, or none yet. Throws what the source throws. */
  arm(): Shot<A> | undefined {
    this.armed ??= this.#poll();
    return this.armed;
  }

  #poll(): Shot<A> | undefined {
    if (this.exhausted || this.#cursor === undefined) return undefined;
    const polled = this.#cursor.poll();
    if (polled === PENDING) {
      this.#cursor.whenReady(this.ready);
      return undefined;
    }
    if (polled !== DONE) return polled;
    this.exhaust();
    return undefined;
  }

  /** True when there is something to be armed ahead of its moment: what exists only on demand is not. */
  get canArm(): boolean {
    return this.armed !== undefined || this.#cursor?.onDemand?.() !== true;
  }

  /** Puts the shot in hand back into the source. */
  disarm(): void {
    const { armed } = this;
    this.armed = undefined;
    if (armed !== undefined) this.#cursor?.giveBack?.(armed);
  }

  /** A shot is done with. */
  release(shot: Shot<A>): void {
    this.#cursor?.release?.(shot);
  }

  exhaust(): void {
    if (this.exhausted) return;
    this.exhausted = true;
    this.onExhausted();
  }

  close(): void {
    this.exhaust();
    this.#cursor?.close();
  }
}
