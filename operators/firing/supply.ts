import { type Cursor, DONE, PENDING } from '../../lib/core/cursor.js';
import { ElpisError } from '../../lib/core/errors.js';
import type { Shot } from '../../lib/core/shot.js';
import type { EpochMs, Millis } from '../../lib/core/units.js';
import { BaseCursor } from '../../lib/pull/baseCursor.js';

/** Two moments of one plan that are computed in different ways may differ by the rounding of epoch milliseconds. */
const ROUNDING_MS: Millis = 0.001;

/** The error for a shot that is due before the one that was drawn before it. */
function disorder({ index, at }: Shot<unknown>, last: EpochMs): ElpisError {
  const earlier = Number.isFinite(last - at)
    ? `${Number((last - at).toFixed(6))} ms before the operation that comes before it`
    : 'which is no moment';
  return new ElpisError(
    'ELPIS_SCHEDULE',
    `operation ${index} is due at ${at}, ${earlier}; expected moments that do not decrease`,
    {
      hint: 'check the plan or the stream of ticks, and the functions of its operators, such as mapPulled',
    },
  );
}

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
  /** The moment of the last shot that was drawn. */
  #last: EpochMs = Number.NEGATIVE_INFINITY;

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
      else {
        this.#last = polled.at >= this.#last ? polled.at : this.#inOrder(polled);
        return polled;
      }
    } catch (error) {
      this.exhausted = true;
      throw error;
    }
    return undefined;
  }

  /** @throws ElpisError `ELPIS_SCHEDULE` when the shot is due before the last one. */
  #inOrder(shot: Shot<A>): EpochMs {
    if (shot.at >= this.#last - ROUNDING_MS) return this.#last;
    this.cursor.release(shot);
    throw disorder(shot, this.#last);
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
