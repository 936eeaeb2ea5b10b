import type { SchedulerLike } from 'rxjs';
import type { EpochMs, Millis } from '../core/units.js';
import { realTimeBy, realTimeScheduler } from './realTime.js';

const OFFSET = 0;
const END = 1;

/**
 * A clock that a thread keeps and others read, through shared memory: the clock of this machine plus an offset, which never
 * passes an end. A clock at its end stands still, so whatever is due later does not become due.
 *
 * @example
 * const kept = new SharedClock();
 * const there = new SharedClock(kept.memory); // in another thread, which got the memory
 * kept.offset = 12.5;
 * there.scheduler.now();
 */
export class SharedClock {
  readonly #cells: Float64Array;

  /**
   * @param memory That of the same clock in another thread. Default: of a new clock, without offset and without end.
   * @param base The clock of this machine.
   */
  constructor(
    readonly memory: SharedArrayBuffer = new SharedArrayBuffer(2 * Float64Array.BYTES_PER_ELEMENT),
    private readonly base: () => EpochMs = realTimeScheduler.now,
  ) {
    this.#cells = new Float64Array(memory);
  }

  /** Its time minus that of this machine. */
  get offset(): Millis {
    return this.#cells[OFFSET] as number;
  }

  set offset(offset: Millis) {
    this.#cells[OFFSET] = offset;
  }

  /** The time at which it stands still; 0 before one is set: it then has no end. */
  get end(): EpochMs {
    return this.#cells[END] as number;
  }

  set end(end: EpochMs) {
    this.#cells[END] = end;
  }

  /** The time, also after the end. */
  readonly running = (): EpochMs => this.base() + (this.#cells[OFFSET] as number);

  readonly now = (): EpochMs => {
    const now = this.base() + (this.#cells[OFFSET] as number);
    const end = this.#cells[END] as number;
    return now > end && end !== 0 ? end : now;
  };

  /** Real time by this clock. */
  get scheduler(): SchedulerLike {
    return realTimeBy(this.now);
  }
}
